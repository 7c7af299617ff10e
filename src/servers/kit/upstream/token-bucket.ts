import { Failure } from "../failure.ts";
import type { TenantId } from "../tenant.ts";

/** Buckets of tenants that have not called for longest go first; a new one is full. */
const MAX_TENANTS = 10_000;

export interface Bucket {
  readonly perSecond: number;
  readonly burst: number;
}

export interface RateLimits {
  /** Of each tenant. */
  readonly tenant: Bucket;
  /** Of all together, each of them: so many a second, so many an hour. */
  readonly global: readonly Bucket[];
  /** A call that would get its turn within that time waits for it; others are told to come back. */
  readonly maxWaitMs: number;
}

export interface RateLimiter {
  /** Resolves when it is this tenant's turn. Throws RATE_LIMITED when that is too far away. */
  readonly take: (tenant: TenantId, signal: AbortSignal) => Promise<void>;
}

interface RateLimiterDeps {
  readonly stopwatch: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Level {
  tokens: number;
  at: number;
}

/** Token buckets: one for each tenant, and some for all together. Denied, it takes from none. */
export function createRateLimiter(
  { stopwatch, pause }: RateLimiterDeps,
  { tenant: perTenant, global, maxWaitMs }: RateLimits,
): RateLimiter {
  const all = global.map((bucket) => ({
    bucket,
    level: { tokens: bucket.burst, at: stopwatch() },
  }));
  const tenants = new Map<TenantId, Level>();

  const levelOf = (tenant: TenantId): Level => {
    const level = tenants.get(tenant) ?? { tokens: perTenant.burst, at: stopwatch() };
    tenants.delete(tenant);
    tenants.set(tenant, level);
    const oldest = tenants.keys().next();
    if (tenants.size > MAX_TENANTS && !oldest.done) tenants.delete(oldest.value);
    return level;
  };
  /** Takes one and says how long to wait for it. A bucket may owe; then it is waited for. */
  const reserve = (tenant: TenantId): number => {
    const asked = [{ bucket: perTenant, level: levelOf(tenant) }, ...all];
    const now = stopwatch();
    for (const { level, bucket } of asked) fill(level, bucket, now);
    const waitMs = Math.max(...asked.map(({ level, bucket }) => waitFor(level, bucket)));
    if (waitMs > maxWaitMs) throw tooMany(waitMs);
    for (const { level } of asked) level.tokens -= 1;
    return waitMs;
  };
  return {
    async take(tenant, signal) {
      const waitMs = reserve(tenant);
      if (waitMs > 0) await pause(waitMs, signal);
      signal.throwIfAborted();
    },
  };
}

function fill(level: Level, { perSecond, burst }: Bucket, now: number): void {
  level.tokens = Math.min(burst, level.tokens + ((now - level.at) / 1000) * perSecond);
  level.at = now;
}

const waitFor = ({ tokens }: Level, { perSecond }: Bucket): number =>
  tokens >= 1 ? 0 : ((1 - tokens) / perSecond) * 1000;

const tooMany = (retryAfterMs: number): Failure =>
  new Failure("RATE_LIMITED", "Too many calls at once.", {
    hint: "Ask for larger pages instead of many small ones.",
    retryAfterMs,
  });

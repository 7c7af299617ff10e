import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { ALL } from "./cache.ts";
import { createFallbackStore } from "./fallback-store.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";
import { createRedisStore } from "./redis-store.ts";
import type { CacheStore } from "./store.ts";

const MAX_TENANTS = 1_000;
const MAX_CHARS = 64_000_000;

interface CacheStoreDeps {
  readonly stopwatch: () => number;
  readonly log: Logger;
  readonly redis: Redis | null;
}

export interface OpenCacheStore {
  readonly store: CacheStore;
  readonly memory: Pick<MemoryStore, "evictions" | "expirations">;
  readonly stop: () => void;
}

/** In memory; or in Redis, and in memory while Redis is away. */
export function openCacheStore(
  { stopwatch, log, redis }: CacheStoreDeps,
  settings: {
    readonly maxEntries: number;
    readonly cleanEverySeconds: number;
    readonly isShared: boolean;
  },
  server: string,
): OpenCacheStore {
  const { maxEntries, cleanEverySeconds, isShared } = settings;
  const limits = { maxEntries, maxTenants: MAX_TENANTS, maxChars: MAX_CHARS };
  const memory = createMemoryStore(stopwatch, limits);
  const timer = setInterval(memory.clean, cleanEverySeconds * 1000).unref();
  const stop = (): void => clearInterval(timer);
  if (redis === null || !isShared) return { store: memory, memory, stop };
  const shared = createRedisStore(redis, `${server}:cache:`);
  const forgetAll = () => shared.forget(ALL);
  return {
    store: createFallbackStore({ stopwatch, log, forgetAll }, shared, memory),
    memory,
    stop,
  };
}

import { createHash } from "node:crypto";
import { canonicalJson } from "../../../lib/canonical-json.ts";
import { createSingleFlight } from "../single-flight.ts";
import type { TenantId } from "../tenant.ts";
import type { CacheStore } from "./store.ts";

/** Larger answers are not worth their room. */
const MAX_VALUE_CHARS = 2_000_000;
const MAX_COUNTED_TENANTS = 10_000;

export interface CacheSettings {
  readonly isOn: boolean;
  /** By kind. Zero: never cached. */
  readonly ttlSeconds: Readonly<Record<string, number>>;
  readonly otherTtlSeconds: number;
}

export interface CacheQuestion {
  readonly tenant: TenantId;
  /** What kind of thing it is: decides how long it keeps, and what goes with what. Letters, digits, - and _. */
  readonly kind: string;
  /** Anything that JSON can say; the same question has the same key. Fields that are undefined do not count. */
  readonly key: unknown;
  /** Asks anew, and keeps that. */
  readonly isFresh?: boolean;
  readonly signal: AbortSignal;
}

export interface Cached<Value> {
  readonly value: Value;
  /** null when it was asked for just now. */
  readonly ageSeconds: number | null;
}

export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  readonly sets: number;
}

export interface Cache {
  /** From the cache, or by `load`, which runs once at a time for one question. Values are JSON. */
  readonly read: <Value>(
    question: CacheQuestion,
    load: (signal: AbortSignal) => Promise<Value>,
  ) => Promise<Cached<Value>>;
  /** After a write: what is cached of these kinds is read no more. */
  readonly forget: (tenant: TenantId, kinds: readonly string[]) => Promise<void>;
  /** All of a tenant. How many there were. */
  readonly clear: (tenant: TenantId) => Promise<number>;
  readonly size: (tenant: TenantId) => Promise<number>;
  readonly counts: (tenant: TenantId) => CacheCounts;
  readonly settings: CacheSettings;
}

interface CacheDeps {
  readonly store: CacheStore;
  readonly clock: { readonly now: () => Date };
  readonly count: (outcome: "hit" | "miss") => void;
}

interface Kept {
  readonly value: unknown;
  readonly at: number;
}

export function createCache({ store, clock, count }: CacheDeps, settings: CacheSettings): Cache {
  const flights = createSingleFlight();
  const counted = new Map<TenantId, { hits: number; misses: number; sets: number }>();

  const countsOf = (tenant: TenantId) => {
    const counts = counted.get(tenant) ?? { hits: 0, misses: 0, sets: 0 };
    if (counted.size < MAX_COUNTED_TENANTS) counted.set(tenant, counts);
    return counts;
  };
  const ttlMs = (kind: string): number =>
    settings.isOn ? (settings.ttlSeconds[kind] ?? settings.otherTtlSeconds) * 1000 : 0;

  /** Null when it is not there. */
  async function find(key: string): Promise<Kept | null> {
    const text = await store.get(key);
    return text === null ? null : (JSON.parse(text) as Kept);
  }
  async function keep(question: CacheQuestion, key: string, value: unknown): Promise<void> {
    const text = JSON.stringify({ value, at: clock.now().getTime() } satisfies Kept);
    if (text.length > MAX_VALUE_CHARS) return;
    await store.set(key, text, ttlMs(question.kind));
    countsOf(question.tenant).sets += 1;
  }
  return {
    settings,
    async read<Value>(
      question: CacheQuestion,
      load: (signal: AbortSignal) => Promise<Value>,
    ): Promise<Cached<Value>> {
      const { tenant, kind, isFresh, signal } = question;
      if (ttlMs(kind) <= 0) return { value: await load(signal), ageSeconds: null };
      // Read before the value is asked for: what is forgotten meanwhile is kept where nobody looks.
      const generation = await store.generation(groupsOf(tenant, kind));
      const key = `${tenant}:${kind}:${generation}:${digest(question.key)}`;
      const kept = isFresh ? null : await find(key);
      count(kept ? "hit" : "miss");
      countsOf(tenant)[kept ? "hits" : "misses"] += 1;
      if (kept) return { value: kept.value as Value, ageSeconds: ageOf(kept, clock.now()) };
      const value = await flights.run(
        `${isFresh ? "fresh" : "any"}:${key}`,
        signal,
        async (inner) => {
          const loaded = await load(inner);
          await keep(question, key, loaded);
          return loaded;
        },
      );
      return { value, ageSeconds: null };
    },
    async forget(tenant, kinds) {
      for (const kind of kinds) await store.forget(`${tenant}:${kind}:`);
    },
    clear: (tenant) => store.forget(`${tenant}:`),
    size: (tenant) => store.count(`${tenant}:`),
    counts: countsOf,
  };
}

const groupsOf = (tenant: TenantId, kind: string): readonly string[] => [
  ALL,
  `${tenant}:`,
  `${tenant}:${kind}:`,
];

/** Forgotten when nobody knows any more what else should be. */
export const ALL = "";

const ageOf = ({ at }: Kept, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - at) / 1000));

const digest = (key: unknown): string =>
  createHash("sha256").update(canonicalJson(key)).digest("base64url").slice(0, 32);

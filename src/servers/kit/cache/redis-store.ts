import type { Redis } from "ioredis";
import type { CacheStore } from "./store.ts";

/** Longer than anything is cached for, so that a generation outlives its entries. */
const GENERATION_TTL_MS = 7 * 24 * 3_600_000;
/** Counting looks at so many keys at a time, and so many times at most. */
const SCAN_KEYS = 1_000;
const MAX_SCANS = 100;

/** Shared by all processes of a server. Commands fail at once while Redis is away. */
export function createRedisStore(redis: Redis, prefix: string): CacheStore {
  const generationKey = (group: string) => `${prefix}generation:${group}`;

  async function keysOf(group: string): Promise<readonly string[]> {
    const found: string[] = [];
    let cursor = "0";
    for (let scan = 0; scan < MAX_SCANS; scan += 1) {
      const [next, keys] = await redis.scan(
        cursor,
        "MATCH",
        `${escaped(prefix)}entry:${escaped(group)}*`,
        "COUNT",
        SCAN_KEYS,
      );
      found.push(...keys);
      cursor = next;
      if (cursor === "0") break;
    }
    return found;
  }
  return {
    get: (key) => redis.get(`${prefix}entry:${key}`),
    async set(key, value, ttlMs) {
      await redis.set(`${prefix}entry:${key}`, value, "PX", Math.max(1, Math.round(ttlMs)));
    },
    async generation(groups) {
      const counts = await redis.mget(groups.map(generationKey));
      return `r${counts.map((count) => count ?? "0").join(".")}`;
    },
    async forget(group) {
      const key = generationKey(group);
      const results = await redis.multi().incr(key).pexpire(key, GENERATION_TTL_MS).exec();
      const problem = results?.find(([error]) => error !== null)?.[0];
      if (results === null || problem) throw problem ?? new Error("Redis did not forget");
      const keys = await keysOf(group);
      if (keys.length > 0) await redis.unlink(...keys);
      return keys.length;
    },
    count: async (group) => (await keysOf(group)).length,
  };
}

/** Tenants and kinds have no such marks; a prefix may. */
const escaped = (text: string): string => text.replace(/[\\*?[\]]/g, (mark) => `\\${mark}`);

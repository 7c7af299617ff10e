import type { CacheStore } from "./store.ts";

export interface MemoryLimits {
  /** Of one tenant: nobody pushes out what others have cached. */
  readonly maxEntries: number;
  readonly maxTenants: number;
  /** Of all values together. */
  readonly maxChars: number;
}

export interface MemoryStore extends CacheStore {
  readonly evictions: () => number;
  readonly expirations: () => number;
  /** Drops what is out of date; called every so often. */
  readonly clean: () => void;
}

/** Of groups that were forgotten lately. */
const MAX_GENERATIONS = 50_000;

interface Entry {
  readonly value: string;
  readonly endsAt: number;
}

/** Within the process. What was not used for longest goes first, of the tenant who was away for longest. */
export function createMemoryStore(stopwatch: () => number, limits: MemoryLimits): MemoryStore {
  const tenants = new Map<string, Map<string, Entry>>();
  /** A value that was asked for before its group was forgotten is kept where nobody looks. */
  const generations = new Map<string, number>();
  let newest = 0;
  /** Of groups that are not in the list: no older one had it. */
  let floor = 0;
  let chars = 0;
  let evictions = 0;
  let expirations = 0;

  const drop = (tenant: string, key: string): void => {
    const entries = tenants.get(tenant);
    chars -= entries?.get(key)?.value.length ?? 0;
    entries?.delete(key);
    if (entries?.size === 0) tenants.delete(tenant);
  };
  const evict = (tenant: string | undefined): void => {
    const key = tenant === undefined ? undefined : first(tenants.get(tenant)?.keys());
    if (tenant === undefined || key === undefined) return;
    drop(tenant, key);
    evictions += 1;
  };
  const makeRoom = (tenant: string): void => {
    while ((tenants.get(tenant)?.size ?? 0) > limits.maxEntries) evict(tenant);
    while (tenants.size > limits.maxTenants || chars > limits.maxChars)
      evict(first(tenants.keys()));
  };
  const keysOf = (group: string): readonly string[] =>
    [...(tenants.get(tenantOf(group))?.keys() ?? [])].filter((key) => key.startsWith(group));

  return {
    async get(key) {
      const tenant = tenantOf(key);
      const entry = tenants.get(tenant)?.get(key);
      if (entry === undefined) return null;
      if (entry.endsAt > stopwatch()) return touch(tenants, tenant, key, entry).value;
      drop(tenant, key);
      expirations += 1;
      return null;
    },
    async set(key, value, ttlMs) {
      const tenant = tenantOf(key);
      drop(tenant, key);
      if (value.length > limits.maxChars) return;
      touch(tenants, tenant, key, { value, endsAt: stopwatch() + ttlMs });
      chars += value.length;
      makeRoom(tenant);
    },
    generation: async (groups) =>
      `m${groups.map((group) => generations.get(group) ?? floor).join(".")}`,
    async forget(group) {
      const keys = keysOf(group);
      newest += 1;
      generations.delete(group);
      generations.set(group, newest);
      if (generations.size > MAX_GENERATIONS) {
        generations.delete(first(generations.keys()) ?? group);
        newest += 1;
        floor = newest;
      }
      for (const key of keys) drop(tenantOf(group), key);
      return keys.length;
    },
    count: async (group) => keysOf(group).length,
    evictions: () => evictions,
    expirations: () => expirations,
    clean() {
      const now = stopwatch();
      for (const [tenant, entries] of tenants)
        for (const [key, { endsAt }] of entries)
          if (endsAt <= now) {
            drop(tenant, key);
            expirations += 1;
          }
    },
  };
}

const tenantOf = (key: string): string => key.slice(0, key.indexOf(":"));

const first = (keys: Iterator<string> | undefined): string | undefined => {
  const next = keys?.next();
  return next === undefined || next.done ? undefined : next.value;
};

/** Puts an entry, and its tenant, at the end of the line to go. */
function touch(
  tenants: Map<string, Map<string, Entry>>,
  tenant: string,
  key: string,
  entry: Entry,
): Entry {
  const entries = tenants.get(tenant) ?? new Map<string, Entry>();
  tenants.delete(tenant);
  tenants.set(tenant, entries);
  entries.delete(key);
  entries.set(key, entry);
  return entry;
}

import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { hasRedis, openTestRedis } from "../../../../test/servers/open-test-redis.ts";
import { createLog } from "../../../lib/log.ts";
import { DEFAULT_TENANT, toTenantId } from "../tenant.ts";
import { createCache, type CacheSettings } from "./cache.ts";
import { createFallbackStore } from "./fallback-store.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createRedisStore } from "./redis-store.ts";
import type { CacheStore } from "./store.ts";

const anna = toTenantId("anna") ?? DEFAULT_TENANT;
const berta = toTenantId("berta") ?? DEFAULT_TENANT;
const { signal } = new AbortController();
const LIMITS = { maxEntries: 1_000, maxTenants: 10, maxChars: 1_000_000 };
const SETTINGS: CacheSettings = {
  isOn: true,
  ttlSeconds: { things: 60, never: 0 },
  otherTtlSeconds: 30,
};

/** Time that stands until it is moved. */
function stoppedTime() {
  let ms = 1_000_000;
  return {
    stopwatch: () => ms,
    now: () => new Date(ms),
    pass: (by: number) => void (ms += by),
  };
}

const open = (store?: CacheStore, time = stoppedTime()) => {
  const cache = createCache(
    { store: store ?? createMemoryStore(time.stopwatch, LIMITS), clock: time, count: () => {} },
    SETTINGS,
  );
  return { cache, time };
};

const things = (key: unknown, tenant = anna) => ({ tenant, kind: "things", key, signal });

/** Counts how often it was asked. */
function counting() {
  let asked = 0;
  return { load: async () => ({ asked: (asked += 1) }), asked: () => asked };
}

interface Opened extends AsyncDisposable {
  readonly store: CacheStore;
}

const STORES = [
  {
    name: "in memory",
    isHere: true,
    open: async (): Promise<Opened> => ({
      store: createMemoryStore(stoppedTime().stopwatch, LIMITS),
      [Symbol.asyncDispose]: async () => {},
    }),
  },
  {
    name: "in Redis",
    isHere: hasRedis,
    open: async (): Promise<Opened> => {
      const server = await openTestRedis();
      const redis = new Redis(server.url);
      return {
        store: createRedisStore(redis, server.prefix),
        async [Symbol.asyncDispose]() {
          redis.disconnect();
          await server[Symbol.asyncDispose]();
        },
      };
    },
  },
];

describe.each(STORES)("$name", ({ isHere, open: openStore }) => {
  test.runIf(isHere)(
    "the same question is asked once, however its fields are ordered",
    async () => {
      await using there = await openStore();
      const { cache } = open(there.store);
      const { load, asked } = counting();

      const first = await cache.read(things({ a: 1, b: 2 }), load);
      const again = await cache.read(things({ b: 2, a: 1 }), load);

      expect([first.value, again.value, asked()]).toEqual([{ asked: 1 }, { asked: 1 }, 1]);
      expect([first.ageSeconds, again.ageSeconds]).toEqual([null, 0]);
    },
  );

  test.runIf(isHere)("one tenant never reads what was read for another", async () => {
    await using there = await openStore();
    const { cache } = open(there.store);
    await cache.read(things("x", anna), async () => "anna's");

    const found = await cache.read(things("x", berta), async () => "berta's");

    expect(found.value).toBe("berta's");
  });

  test.runIf(isHere)("after a write its kind is asked anew, and others are not", async () => {
    await using there = await openStore();
    const { cache } = open(there.store);
    const [one, other] = [counting(), counting()];
    const places = { ...things("x"), kind: "places" };
    await cache.read(things("x"), one.load);
    await cache.read(places, other.load);

    await cache.forget(anna, ["things"]);
    await cache.read(things("x"), one.load);
    await cache.read(places, other.load);

    expect([one.asked(), other.asked()]).toEqual([2, 1]);
  });

  test.runIf(isHere)("what was on its way when its kind was forgotten is not kept", async () => {
    await using there = await openStore();
    const { cache } = open(there.store);
    const { promise: old, resolve } = Promise.withResolvers<string>();
    const slow = cache.read(things("x"), () => old);
    await Promise.resolve();

    await cache.forget(anna, ["things"]);
    resolve("from before the write");
    await slow;
    const found = await cache.read(things("x"), async () => "from after the write");

    expect(found.value).toBe("from after the write");
  });

  test.runIf(isHere)("clearing tells how much there was, and leaves others theirs", async () => {
    await using there = await openStore();
    const { cache } = open(there.store);
    await cache.read(things("x"), async () => 1);
    await cache.read(things("y"), async () => 1);
    await cache.read(things("x", berta), async () => 1);

    const cleared = await cache.clear(anna);

    expect([cleared, await cache.size(anna), await cache.size(berta)]).toEqual([2, 0, 1]);
  });
});

test("what is out of date is asked anew", async () => {
  const { cache, time } = open();
  const { load, asked } = counting();
  await cache.read(things("x"), load);

  time.pass(59_000);
  const young = await cache.read(things("x"), load);
  time.pass(1_000);
  await cache.read(things("x"), load);

  expect(young.ageSeconds).toBe(59);
  expect(asked()).toBe(2);
});

test("many who ask the same at once wait for one answer", async () => {
  const { cache } = open();
  const { load, asked } = counting();

  const all = await Promise.all(Array.from({ length: 50 }, () => cache.read(things("x"), load)));

  expect(asked()).toBe(1);
  expect(new Set(all.map(({ value }) => value.asked))).toEqual(new Set([1]));
});

test("a kind without time is never kept, and fresh answers replace what was kept", async () => {
  const { cache } = open();
  const [never, kept] = [counting(), counting()];
  await cache.read({ ...things("x"), kind: "never" }, never.load);
  await cache.read({ ...things("x"), kind: "never" }, never.load);
  await cache.read(things("x"), kept.load);
  await cache.read({ ...things("x"), isFresh: true }, kept.load);

  const found = await cache.read(things("x"), kept.load);

  expect(never.asked()).toBe(2);
  expect(found.value).toEqual({ asked: 2 });
});

test("a failure is nobody's answer but of those who waited for it", async () => {
  const { cache } = open();
  const failing = cache.read(things("x"), () => Promise.reject(new Error("down")));
  await expect(failing).rejects.toThrow("down");

  const found = await cache.read(things("x"), async () => "up");

  expect(found.value).toBe("up");
});

test("one tenant's many answers push out their own oldest, and nobody else's", async () => {
  const time = stoppedTime();
  const store = createMemoryStore(time.stopwatch, { ...LIMITS, maxEntries: 2 });
  const { cache } = open(store, time);
  await cache.read(things("x", berta), async () => 1);
  await cache.read(things(1), async () => 1);
  await cache.read(things(2), async () => 1);
  await cache.read(things(1), async () => 1);

  await cache.read(things(3), async () => 1);
  const oldest = counting();
  const used = counting();
  await cache.read(things(1), used.load);
  await cache.read(things(2), oldest.load);

  expect([used.asked(), oldest.asked()]).toEqual([0, 1]);
  expect(await cache.size(berta)).toBe(1);
});

test.runIf(hasRedis)(
  "what was forgotten while Redis was away is not read from it when it is back",
  async () => {
    await using server = await openTestRedis();
    const redis = new Redis(server.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    redis.on("error", () => {});
    await new Promise((resolve) => redis.once("ready", resolve));
    const time = stoppedTime();
    const shared = createRedisStore(redis, server.prefix);
    const log = createLog({ level: "silent", secrets: () => [] }, { write: () => {} });
    const store = createFallbackStore(
      { stopwatch: time.stopwatch, log, forgetAll: () => shared.forget("") },
      shared,
      createMemoryStore(time.stopwatch, LIMITS),
    );
    const { cache } = open(store, time);
    await cache.read(things("x"), async () => "old");

    await server.goAway();
    await cache.forget(anna, ["things"]);
    const whileAway = await cache.read(things("x"), async () => "new");
    server.comeBack();
    await new Promise((resolve) => redis.once("ready", resolve));
    time.pass(10_000);
    const afterwards = await cache.read(things("x"), async () => "newest");

    expect([whileAway.value, afterwards.value]).toEqual(["new", "newest"]);
    redis.disconnect();
  },
);

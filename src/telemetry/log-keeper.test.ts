import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import { ENTRY_LEVELS, type LogEntries, type LogEntry } from "../core/log-entries.ts";
import { createLog } from "../lib/log.ts";
import { createLogKeeper, MAX_BATCH, MAX_WAITING } from "./log-keeper.ts";
import { createLogTap } from "./log-tap.ts";

const store = share(openEmbeddedStore);
const ALL = { words: null, room: null, levels: ENTRY_LEVELS, withinHours: null, limit: 100 };

/** A real log whose lines are heard by a keeper. */
function open(entries: Pick<LogEntries, "add" | "tidy">, lastWriteMs = 60_000) {
  const tap = createLogTap();
  const secrets = () => ["hunter22"];
  const log = createLog({ level: "debug", secrets }, { write: tap.write });
  log.warn({ variable: "X" }, "said-before-anybody-listened");
  const keeper = createLogKeeper(
    { entries, clock: systemClock, log },
    { keptDays: 30, writeEveryMs: 5, lastWriteMs },
  );
  tap.listen(keeper.take);
  return { log, keeper };
}

/** A store that takes entries, or not. */
function fakeEntries() {
  const kept: LogEntry[] = [];
  const state = { isAway: false, attempts: 0 };
  return {
    kept,
    state,
    async add(entries: readonly LogEntry[]) {
      state.attempts++;
      if (state.isAway) throw new Error("no database");
      kept.push(...entries);
    },
    async tidy() {},
  };
}

test("warnings, errors and turns' ends are kept as the log has them, without secrets; the rest is not", async () => {
  const { log, keeper } = open(store().logEntries);
  const room = log.child({ room: "discord" });
  room.debug({}, "seen");
  room.info({ port: 8001 }, "web-listening");
  room.info({ turnId: "turn:discord:1", costUsd: 0.01, detail: "answered" }, "turn-end");
  room.error({ error: new TypeError("bad key hunter22"), channelId: "7" }, "turn-failed");

  await keeper[Symbol.asyncDispose]();

  const found = await store().logEntries.find(ALL);
  expect(found.map(({ level, event }) => `${level} ${event}`).toSorted()).toEqual([
    "error turn-failed",
    "info turn-end",
    "warn said-before-anybody-listened",
  ]);
  expect(found.find(({ event }) => event === "turn-end")).toMatchObject({
    room: "discord",
    at: expect.any(Date),
    fields: { turnId: "turn:discord:1", costUsd: 0.01, detail: "answered" },
  });
  expect(found.find(({ event }) => event === "turn-failed")?.fields).toMatchObject({
    channelId: "7",
    error: { type: "TypeError", message: "bad key [removed: a secret]" },
  });
});

test("a store that is away costs two lines, whatever is said meanwhile; what was too much is counted", async () => {
  const entries = fakeEntries();
  const { log, keeper } = open(entries);
  entries.state.isAway = true;
  const stop = new AbortController();
  const running = keeper.run(stop.signal);
  await expect.poll(() => entries.state.attempts).toBeGreaterThan(3);

  for (let index = 0; index < MAX_WAITING + 50; index++) log.warn({ index }, "noise");
  await sleep(50);
  entries.state.isAway = false;
  await expect.poll(() => entries.kept.length).toBeGreaterThan(MAX_WAITING);
  stop.abort();
  await running;
  await keeper[Symbol.asyncDispose]();

  const of = (event: string) => entries.kept.filter((entry) => entry.event === event);
  expect(of("log-not-kept")).toHaveLength(1);
  expect(of("noise")).toHaveLength(MAX_WAITING - 2);
  expect(keeper.dropped()).toBe(52);
  expect(of("log-entries-dropped").map(({ fields }) => fields)).toEqual([{ dropped: 52 }]);
});

test("many entries are written some at a time, and closing waits for the last of them", async () => {
  const entries = fakeEntries();
  const { log, keeper } = open(entries);
  for (let index = 0; index < MAX_BATCH + 1; index++) log.warn({ index }, "noise");

  await keeper[Symbol.asyncDispose]();

  expect(entries.state.attempts).toBe(2);
  expect(entries.kept).toHaveLength(MAX_BATCH + 2);
});

test("a store that never answers does not keep the house from closing", async () => {
  const never = { add: () => new Promise<never>(() => {}), tidy: async () => {} };
  const { log, keeper } = open(never, 20);
  const stop = new AbortController();
  const running = keeper.run(stop.signal);
  await sleep(20);
  log.warn({}, "said-meanwhile");
  const close = async () => {
    stop.abort();
    await running;
    await keeper[Symbol.asyncDispose]();
    return "closed";
  };

  expect(await Promise.race([close(), sleep(2_000)])).toBe("closed");
});

test("closing waits for what is being written, and writes what the store did not take after all", async () => {
  const entries = fakeEntries();
  const first = Promise.withResolvers<void>();
  const slow = {
    ...entries,
    async add(batch: readonly LogEntry[]) {
      if (entries.state.attempts === 0) await first.promise.finally(() => entries.state.attempts++);
      await entries.add(batch);
    },
  };
  const { keeper } = open(slow);
  const stop = new AbortController();
  const running = keeper.run(stop.signal);
  await sleep(20);
  stop.abort();
  await running;

  const closing = keeper[Symbol.asyncDispose]();
  first.reject(new Error("the database was away"));
  await closing;

  expect(entries.kept.map(({ event }) => event)).toContain("said-before-anybody-listened");
});

test("old entries go when the keeper begins", async () => {
  const entries = fakeEntries();
  const asked: number[] = [];
  const tidy = async (days: number) => void asked.push(days);
  const keeper = createLogKeeper(
    { entries: { ...entries, tidy }, clock: systemClock, log: silentLog },
    { keptDays: 30, writeEveryMs: 1 },
  );
  const stop = new AbortController();

  const running = keeper.run(stop.signal);
  await sleep(20);
  stop.abort();
  await running;

  expect(asked).toEqual([30]);
});

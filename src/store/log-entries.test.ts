import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { ask, newChannel, newName, start } from "../../test/talk.ts";
import { ENTRY_LEVELS, type LogEntry, type LogQuery } from "../core/log-entries.ts";

const entry = (event: string, change: Partial<LogEntry> = {}): LogEntry => ({
  at: new Date(),
  level: "warn",
  event,
  room: null,
  fields: {},
  ...change,
});
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

describeStore("the kept log", (open) => {
  const store = share(open);

  const find = async (change: Partial<LogQuery>) => {
    const all = { words: null, room: null, levels: ENTRY_LEVELS, withinHours: null, limit: 50 };
    return (await store().logEntries.find({ ...all, ...change })).map(({ event }) => event);
  };

  test("is found by words, room, level and age, newest first, and no more than wanted", async () => {
    await store().logEntries.add([
      entry("first", { at: hoursAgo(3), room: "discord", fields: { channelId: "Seven%_" } }),
      entry("second", { at: hoursAgo(2), level: "error", room: "llm" }),
      entry("third", { at: hoursAgo(1), level: "info", room: "llm", fields: { "\0": "a\0b" } }),
    ]);

    expect(await find({})).toEqual(["third", "second", "first"]);
    expect(await find({ limit: 1 })).toEqual(["third"]);
    expect(await find({ room: "llm" })).toEqual(["third", "second"]);
    expect(await find({ levels: ["error", "warn"] })).toEqual(["second", "first"]);
    expect(await find({ withinHours: 2.5 })).toEqual(["third", "second"]);
    expect(await find({ words: "SEVEN%_" })).toEqual(["first"]);
    expect(await find({ words: "seven__" })).toEqual([]);
  });

  test("loses what is old, and keeps the rest", async () => {
    await store().logEntries.add([
      entry("old", { at: hoursAgo(24 * 31) }),
      entry("young", { at: hoursAgo(24 * 29) }),
    ]);

    await store().logEntries.tidy(30);

    expect(await find({ words: "old" })).toEqual([]);
    expect(await find({ words: "young" })).toEqual(["young"]);
  });

  test("the backlog counts what is open, by state, and what its outbox still has to send", async () => {
    const before = await store().backlog();
    const place = newChannel();
    const ana = newName("ana");
    const { lease } = await start(store(), await ask(store(), place.message(ana, "one")));
    await ask(store(), place.message(ana, "two"));
    await store().outbox.open(lease, 0, "An answer that");

    const { queued, running, pendingParts, oldestQueuedSeconds } = await store().backlog();

    expect({
      queued: queued - before.queued,
      running: running - before.running,
      pendingParts: pendingParts - before.pendingParts,
    }).toEqual({ queued: 1, running: 1, pendingParts: 1 });
    expect(oldestQueuedSeconds).toBeGreaterThanOrEqual(0);
  });
});

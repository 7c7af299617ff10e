import { expect, onTestFinished, test, vi } from "vitest";
import { messageOf } from "../../test/discord-messages.ts";
import { silentLog } from "../core/log.ts";
import { createLanes, type Task } from "./lanes.ts";

const say = (id: number, patient = false): Task => ({
  kind: "message",
  message: messageOf({ id: String(id) }),
  patient,
});
const edit = (id: number): Task => ({ kind: "edit", message: messageOf({ id: String(id) }) });
const readFrom = (after: number): Task => ({
  kind: "back-fill",
  after: String(after),
  guildId: "5001",
});

const told = (task: Task): string => {
  switch (task.kind) {
    case "delete":
      return `delete ${task.ids.join()}`;
    case "back-fill":
      return `read after ${task.after}`;
    case "message":
    case "edit":
      return `${task.kind} ${task.message.id}`;
  }
};

/** Lanes on a clock of the test's own; `done` is what was worked on, a line for each batch. */
function setUp(work: (line: string) => Promise<void> | void = () => {}) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const done: string[] = [];
  const lanes = createLanes({
    async work(channelId, tasks) {
      const line = `${channelId}: ${tasks.map(told).join(", ")}`;
      await work(line);
      done.push(line);
    },
    random: () => 1,
    log: silentLog,
  });
  return { lanes, done };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

test("one thing after the other in a channel, channels side by side", async () => {
  const gate = Promise.withResolvers<void>();
  const { lanes, done } = setUp((line) => (line === "a: message 1" ? gate.promise : undefined));

  lanes.push("a", say(1));
  lanes.push("a", edit(1));
  lanes.push("b", say(2));
  await settle();
  const before = [...done];
  gate.resolve();
  await settle();

  expect(before).toEqual(["b: message 2"]);
  expect(done).toEqual(["b: message 2", "a: message 1", "a: edit 1"]);
});

test("what came while the channel was at work is done together", async () => {
  const gate = Promise.withResolvers<void>();
  const { lanes, done } = setUp((line) => (line === "a: message 1" ? gate.promise : undefined));

  lanes.push("a", say(1));
  for (const task of [say(2), say(3), edit(2), say(4)]) lanes.push("a", task);
  gate.resolve();
  await settle();

  expect(done).toEqual(["a: message 1", "a: message 2, message 3", "a: edit 2", "a: message 4"]);
});

test("words without an answer wait a second for others, and go before what does not wait", async () => {
  const { lanes, done } = setUp();

  lanes.push("a", say(1, true));
  lanes.push("b", say(2, true));
  lanes.push("a", say(3, true));
  await vi.advanceTimersByTimeAsync(900);
  lanes.push("b", say(4));
  await settle();
  const early = [...done];
  await vi.advanceTimersByTimeAsync(100);

  expect(early).toEqual(["b: message 2, message 4"]);
  expect(done).toEqual(["b: message 2, message 4", "a: message 1, message 3"]);
});

test("a full batch does not wait", async () => {
  const { lanes, done } = setUp();

  for (let id = 1; id <= 50; id++) lanes.push("a", say(id, true));
  await settle();

  expect(done).toHaveLength(1);
});

test("what fails is done again, in order, after growing pauses", async () => {
  let failures = 2;
  const { lanes, done } = setUp(() => {
    if (failures-- > 0) throw new Error("away");
  });

  lanes.push("a", say(1));
  lanes.push("a", edit(1));
  await vi.advanceTimersByTimeAsync(250 + 499);
  const early = [...done];
  await vi.advanceTimersByTimeAsync(1);

  expect(early).toEqual([]);
  expect(done).toEqual(["a: message 1", "a: edit 1"]);
});

test("after five failures the channel is read again instead, from its first message on; edits are kept", async () => {
  let isAway = true;
  const { lanes, done } = setUp(() => {
    if (isAway) throw new Error("away");
  });

  for (const task of [say(11), edit(3), say(12)]) lanes.push("a", task);
  await vi.advanceTimersByTimeAsync(60_000);
  lanes.push("a", say(13));
  isAway = false;
  await vi.advanceTimersByTimeAsync(30_000);

  expect(done).toEqual(["a: read after 10", "a: edit 3", "a: message 13"]);
});

test("edits alone are tried for ever", async () => {
  let isAway = true;
  const { lanes, done } = setUp(() => {
    if (isAway) throw new Error("away");
  });

  lanes.push("a", edit(3));
  await vi.advanceTimersByTimeAsync(3_600_000);
  isAway = false;
  await vi.advanceTimersByTimeAsync(30_000);

  expect(done).toEqual(["a: edit 3"]);
});

test("a lane that is too full is read again, and only once", async () => {
  const gate = Promise.withResolvers<void>();
  const { lanes, done } = setUp((line) => (line === "a: message 1000" ? gate.promise : undefined));

  for (let id = 1000; id < 2600; id++) lanes.push("a", say(id));
  gate.resolve();
  await settle();

  const reads = done.filter((line) => line.includes("read after"));
  expect(reads).toEqual(["a: read after 999"]);
  expect(done.flatMap((line) => line.split(", ")).length).toBeLessThan(500);
});

test("while anybody holds, everything waits; an order to read goes first", async () => {
  const { lanes, done } = setUp();

  lanes.hold(0);
  lanes.hold(1);
  lanes.push("a", say(5));
  lanes.pushFirst("a", readFrom(4));
  lanes.release(1);
  await settle();
  const early = [...done];
  lanes.release(0);
  await settle();

  expect(early).toEqual([]);
  expect(done).toEqual(["a: read after 4", "a: message 5"]);
});

test("closing does what waits, takes nothing more, and gives up on what fails", async () => {
  const { lanes, done } = setUp((line) => {
    if (line.startsWith("b")) throw new Error("away");
  });

  lanes.push("a", say(1, true));
  lanes.push("b", say(2, true));
  const closed = lanes.close();
  lanes.push("a", say(3));
  await vi.advanceTimersByTimeAsync(3_000);
  await closed;

  expect(done).toEqual(["a: message 1"]);
});

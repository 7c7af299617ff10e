import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { createMemoryOutbox } from "../../test/memory-outbox.ts";
import { turnOf } from "../../test/turns.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import type { Outlet } from "../core/outlet.ts";
import { LeaseLost } from "../core/turn.ts";
import { createLiveReply } from "./live-reply.ts";

const turn = turnOf();
const lease = { turnId: turn.id, generation: 1 };

const setUp = (options?: { editIntervalMs: number }) => {
  const outlet = createFakeOutlet(options);
  const outbox = { ...createMemoryOutbox() };
  const stop = new AbortController();
  let held = Promise.resolve();
  let onSend = () => {};
  const slow: Outlet = {
    ...outlet,
    async send(...given) {
      onSend();
      await held;
      return outlet.send(...given);
    },
  };
  /** Sends wait for the test from now on. */
  const hold = () => {
    const reached = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    onSend = reached.resolve;
    held = going.promise;
    return { reached: reached.promise, go: going.resolve };
  };
  const deps = { outlet: slow, outbox, clock: systemClock, log: silentLog };
  const growing = { turn, lease, existing: [] };
  const live = createLiveReply(deps, growing, Promise.resolve(), stop.signal);
  return { outlet, outbox, live, stop, hold };
};

test("live reply shows nothing before there is a sentence", async () => {
  const { outlet, live } = setUp();

  live.show("I think");
  await sleep(20);
  await live.close();

  expect(outlet.messages).toEqual([]);
});

test("live reply shows the first sentence and keeps only the newest words after it", async () => {
  const { outlet, live } = setUp();

  live.show("First. ");
  await sleep(20);
  live.show("First. Second");
  live.show("First. Second. Third");
  await sleep(20);
  await live.close();

  expect(outlet.messages).toMatchObject([
    { content: "First. Second. Third", edits: 1, running: true },
  ]);
});

test("live reply plans a part before it is sent", async () => {
  const { outlet, outbox, live } = setUp();
  outlet.faults.push({ on: "send", when: "before" });

  live.show("A sentence. ");
  await sleep(20);
  const rows = await live.close();

  expect(rows.map(({ part }) => part)).toEqual([0]);
  expect(outbox.rows.size).toBe(1);
  expect(outlet.messages).toEqual([]);
});

test("live reply leaves a place alone between two edits", async () => {
  const { outlet, live } = setUp({ editIntervalMs: 60_000 });

  live.show("First. ");
  await sleep(20);
  live.show("First. Second. ");
  await sleep(30);
  await live.close();

  expect(outlet.messages).toMatchObject([{ content: "First. ", edits: 0 }]);
});

test("live reply that is closed at once sends nothing", async () => {
  const { outlet, live } = setUp();

  live.show("All of it. ");
  await live.close();

  expect(outlet.messages).toEqual([]);
});

test("live reply comes back after a failure, also when no more words come", async () => {
  const { outlet, live } = setUp();
  outlet.faults.push({ on: "send", when: "before" });

  live.show("First. ");
  await outlet.until(([message]) => message?.content === "First. ");
  await live.close();

  expect(outlet.requests).toEqual(["send 0", "send 0"]);
});

test("live reply that does not know whether its message was sent sends the same one again", async () => {
  const { outlet, live } = setUp();
  outlet.faults.push({ on: "send", when: "after" });

  live.show("First. ");
  await outlet.until(([message]) => message?.content === "First. ");
  live.show("First. Second. ");
  await outlet.until(([message]) => message?.content === "First. Second. ");
  await live.close();

  expect(outlet.messages).toHaveLength(1);
});

test("live reply begins no second message while the first is on its way, and waits for it at the end", async () => {
  const { outlet, live, hold } = setUp();
  const { reached, go } = hold();

  live.show("First. ");
  await reached;
  live.show("First. Second. ");
  const closing = live.close();
  go();
  const rows = await closing;

  expect(outlet.requests).toEqual(["send 0"]);
  expect(rows).toMatchObject([{ part: 0, messageId: "m1" }]);
});

test("live reply asks a place once in which nothing can be said", async () => {
  const { outlet, live } = setUp();
  outlet.isGone = true;

  live.show("First. ");
  await expect.poll(() => outlet.requests).toEqual(["send 0"]);
  live.show("First. Second. ");
  await sleep(20);
  await live.close();

  expect(outlet.requests).toEqual(["send 0"]);
});

test("live reply whose message somebody removed leaves it to the delivery", async () => {
  const { outlet, live } = setUp();
  live.show("First. ");
  await outlet.until(([message]) => message !== undefined);
  outlet.messages.length = 0;

  live.show("First. Second. ");
  await expect.poll(() => outlet.requests).toEqual(["send 0", "edit m1"]);
  live.show("First. Second. Third. ");
  await sleep(20);
  await live.close();

  expect(outlet.requests).toEqual(["send 0", "edit m1"]);
});

test("live reply of a turn that another worker has taken shows nothing more", async () => {
  const { outlet, outbox, live } = setUp();
  let opened = 0;
  outbox.open = async () => {
    opened++;
    throw new LeaseLost("another has it");
  };

  live.show("First. ");
  await expect.poll(() => opened).toBe(1);
  live.show("First. Second. ");
  await sleep(20);
  await live.close();

  expect([opened, outlet.requests]).toEqual([1, []]);
});

test("live reply goes on in a new message where the first is full, and the first cannot be stopped any more", async () => {
  const { outlet, live } = setUp();

  live.show(`${"x".repeat(100)}y. `);
  await outlet.until(({ length }) => length === 2);
  await live.close();

  expect(outlet.messages).toMatchObject([
    { content: "x".repeat(100), running: false },
    { content: "y. ", running: true, follows: "m1" },
  ]);
  expect([...live.finished()]).toEqual([[0, "x".repeat(100)]]);
});

test("live reply shows a line alone only when it stays for long", async () => {
  const { outlet, live } = setUp();

  live.status("quick");
  await sleep(20);
  live.status(null);
  live.status("slow");
  await outlet.until(([message]) => message?.content === "slow");
  await live.close();

  expect(outlet.requests).toEqual(["send 0"]);
});

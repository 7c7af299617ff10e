import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { createMemoryOutbox } from "../../test/memory-outbox.ts";
import { turnOf } from "../../test/turns.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import { createLiveReply } from "./live-reply.ts";

const turn = turnOf();
const lease = { turnId: turn.id, generation: 1 };

const setUp = (options?: { editIntervalMs: number }) => {
  const outlet = createFakeOutlet(options);
  const outbox = createMemoryOutbox();
  const stop = new AbortController();
  const deps = { outlet, outbox, clock: systemClock, log: silentLog };
  const growing = { turn, lease, existing: [] };
  const live = createLiveReply(deps, growing, Promise.resolve(), stop.signal);
  return { outlet, outbox, live, stop };
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

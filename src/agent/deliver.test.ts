import { expect, test } from "vitest";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { createMemoryOutbox } from "../../test/memory-outbox.ts";
import { turnOf } from "../../test/turns.ts";
import { systemClock } from "../core/clock.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import { deliver, type Known } from "./deliver.ts";

const turn = turnOf();
const lease = { turnId: turn.id, generation: 1 };
const forEver = new AbortController().signal;
const outcome = { state: "done", detail: "answered", answer: "text" } as const;

const setUp = () => {
  const outlet = createFakeOutlet();
  const outbox = createMemoryOutbox();
  const deps = { outlet, outbox, clock: systemClock, fault: noFault, log: silentLog };
  const plan = (...contents: string[]) =>
    outbox.plan(
      lease,
      contents.map((content) => ({ content, file: null })),
      outcome,
    );
  return { outlet, outbox, deps, plan };
};

const nothingKnown: Known = { untried: new Set(), finished: new Map() };
const knowing = (untried: ReadonlySet<number>): Known => ({ ...nothingKnown, untried });

test("deliver() sends untried parts once each, in order", async () => {
  const { outlet, deps, plan } = setUp();
  const rows = await plan("one", "two");

  await deliver(deps, turn, lease, rows, knowing(new Set([0, 1])), forEver);

  expect(outlet.messages.map(({ content, edits }) => [content, edits])).toEqual([
    ["one", 0],
    ["two", 0],
  ]);
});

test("deliver() replies to the question with the first part, and to each part with the next", async () => {
  const { outlet, deps, plan } = setUp();
  const rows = await plan("one", "two");

  await deliver(deps, turn, lease, rows, knowing(new Set([0, 1])), forEver);

  expect(outlet.messages).toMatchObject([
    { replyTo: turn.triggerId, follows: null },
    { replyTo: null, follows: "m1" },
  ]);
});

test("deliver() brings a half-shown answer to its end instead of sending it again", async () => {
  const { outlet, outbox, deps, plan } = setUp();
  await outbox.open(lease, 0, "half an");
  const half = {
    turnId: turn.id,
    part: 0,
    nonce: "nonce-0",
    file: null,
    replyTo: turn.triggerId,
    follows: null,
  };
  await outlet.send(turn.conversation, { ...half, content: "half an", running: true }, forEver);
  const rows = await plan("half an answer is a whole one now");

  await deliver(deps, turn, lease, rows, nothingKnown, forEver);

  expect(outlet.messages).toMatchObject([
    { content: "half an answer is a whole one now", running: false },
  ]);
});

test("deliver() adopts its message when the nonce is forgotten", async () => {
  const { outlet, outbox, deps, plan } = setUp();
  await outbox.open(lease, 0, "half");
  const half = {
    turnId: turn.id,
    part: 0,
    nonce: "nonce-0",
    file: null,
    replyTo: turn.triggerId,
    follows: null,
  };
  await outlet.send(turn.conversation, { ...half, content: "half", running: true }, forEver);
  outlet.forgetNonces();
  outbox.age(61_000);
  const rows = await plan("whole");

  await deliver(deps, turn, lease, rows, nothingKnown, forEver);

  expect(outlet.messages.map(({ content }) => content)).toEqual(["whole"]);
});

test("deliver() sends once although the place answered with an error after it took effect", async () => {
  const { outlet, deps, plan } = setUp();
  outlet.faults.push({ on: "send", when: "after" });
  const rows = await plan("once");

  await deliver(deps, turn, lease, rows, knowing(new Set([0])), forEver);

  expect(outlet.messages.map(({ content }) => content)).toEqual(["once"]);
});

test("deliver() takes surplus messages of an earlier attempt away", async () => {
  const { outlet, outbox, deps, plan } = setUp();
  const first = await plan("a", "b", "c");
  await deliver(deps, turn, lease, first, knowing(new Set([0, 1, 2])), forEver);
  const rows = await plan("short");

  await deliver(deps, turn, lease, rows, nothingKnown, forEver);

  expect(outlet.messages.map(({ content }) => content)).toEqual(["short"]);
  expect([...outbox.rows.values()].map(({ state }) => state)).toEqual([
    "done",
    "removed",
    "removed",
  ]);
});

test("deliver() says it anew when somebody removed the growing message", async () => {
  const { outlet, deps, plan } = setUp();
  const first = await plan("half");
  await deliver(deps, turn, lease, first, knowing(new Set([0])), forEver);
  outlet.messages.length = 0;
  const rows = await plan("whole");

  await deliver(deps, turn, lease, rows, nothingKnown, forEver);

  expect(outlet.messages.map(({ content }) => content)).toEqual(["whole"]);
});

test("deliver() leaves alone what the place shows as finished already", async () => {
  const { outlet, outbox, deps, plan } = setUp();
  await outbox.open(lease, 0, "one");
  await outbox.sent(turn.id, 0, "m1");
  const rows = await plan("one", "two");

  const known = { untried: new Set([1]), finished: new Map([[0, "one"]]) };
  await deliver(deps, turn, lease, rows, known, forEver);

  expect(outlet.messages).toMatchObject([{ content: "two", follows: "m1" }]);
  expect([...outbox.rows.values()].map(({ state }) => state)).toEqual(["done", "done"]);
});

test("deliver() looks for its message when an attempt is so long ago that its nonce is forgotten", async () => {
  const { outlet, deps, plan } = setUp();
  outlet.faults.push({ on: "send", when: "after" });
  const rows = await plan("once");
  let elapsed = 0;
  const clock = { now: () => new Date(0), elapsedMs: () => (elapsed += 40_000) };

  const delivering = deliver({ ...deps, clock }, turn, lease, rows, knowing(new Set([0])), forEver);
  await outlet.until(({ length }) => length === 1);
  outlet.forgetNonces();
  await delivering;

  expect(outlet.requests).toEqual(["send 0", "find 0"]);
  expect(outlet.messages.map(({ content }) => content)).toEqual(["once"]);
});

test("deliver() asks no more of a place where nothing can be said", async () => {
  const { outlet, outbox, deps, plan } = setUp();
  outlet.isGone = true;
  const rows = await plan("one", "two", "three");

  await deliver(deps, turn, lease, rows, knowing(new Set([0, 1, 2])), forEver);

  expect(outlet.requests).toEqual(["send 0"]);
  expect([...outbox.rows.values()].map(({ state }) => state)).toEqual(
    Array.from({ length: 3 }, () => "undeliverable"),
  );
});

test("deliver() ends with the signal, also between two attempts", async () => {
  const { outlet, deps, plan } = setUp();
  const stop = new AbortController();
  outlet.faults.push({ on: "send", when: "before" });
  const rows = await plan("one");

  const delivering = deliver(deps, turn, lease, rows, knowing(new Set([0])), stop.signal);
  await expect.poll(() => outlet.faults).toEqual([]);
  stop.abort();

  await expect(delivering).rejects.toThrow("aborted");
  expect(outlet.requests).toEqual(["send 0"]);
});

test("deliver() leaves finished parts as they are, and still puts what is offered below the last", async () => {
  const { outlet, outbox, deps, plan } = setUp();
  const shown = new Map([
    [0, "one"],
    [1, "two"],
  ]);
  for (const [part, content] of shown) {
    await outbox.open(lease, part, content);
    const half = { turnId: turn.id, part, nonce: `nonce-${part}`, file: null, follows: null };
    const sent = { ...half, content, replyTo: turn.triggerId, running: false };
    await outlet.send(turn.conversation, sent, forEver);
    await outbox.sent(turn.id, part, `m${part + 1}`);
  }
  const rows = await plan("one", "two");

  const known: Known = { untried: new Set(), finished: shown, offers: ["retry"] };
  await deliver(deps, turn, lease, rows, known, forEver);

  expect(outlet.requests).toEqual(["send 0", "send 1", "edit m2"]);
});

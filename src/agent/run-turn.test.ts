import { expect, test } from "vitest";
import { z } from "zod";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { heldModel } from "../../test/held-model.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { call, failing, say, scriptedModel } from "../../test/scripted-model.ts";
import { accept, ask, newDm, newName, take, type Place } from "../../test/talk.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { Model } from "../core/model.ts";
import type { Outlet } from "../core/outlet.ts";
import type { Scope } from "../core/principal.ts";
import { defineTool } from "../core/tool.ts";
import type { ToolSource } from "../core/tool-source.ts";
import { createTurnSignals } from "./interrupt.ts";
import { MAX_TURN_ATTEMPTS } from "./limits.ts";
import { runTurn } from "./run-turn.ts";
import { WORDS } from "./words.ts";

const store = share(openEmbeddedStore);

interface Scene {
  readonly name: string;
  readonly place: Place;
  readonly question: IncomingMessage;
}

const scene = (): Scene => {
  const name = newName("ana");
  const place = newDm(name);
  return { name, place, question: place.message(name, "What is it?") };
};

/** Ids of its own: the store is shared. */
const newOutlet = () => createFakeOutlet({ idPrefix: `${newName("m")}-` });

const on = (outlet: Outlet, model: Model) => ({
  store: store(),
  deps: turnDeps({ store: store(), outlet, model }),
});

const said = async ({ name, place }: Scene) => {
  const options = { limit: 50, upTo: null, after: null };
  const lines = await store().transcript.recent(place.scope(name), place.conversation.id, options);
  return lines.map(({ role, text }) => `${role}: ${text}`);
};

const notice = (ahead: number) => `position ${ahead}`;

/** A question that waits behind another one, with its notice. The other one is out of the way. */
async function queued(here: Scene, { noticeId }: { readonly noticeId: string | null }) {
  const { place, name, question } = here;
  const first = await ask(store(), place.message(name, "First."));
  const accepted = await accept(store(), question, {}, notice);
  if (accepted.kind !== "queued") throw new Error("It waits");
  if (noticeId !== null) await store().outbox.sent(accepted.turnId, -1, noticeId);
  await attempt(on(newOutlet(), scriptedModel([say("One.")])), first);
  return accepted.turnId;
}

/** What a notice looks like to its readers. */
const noticeMessage = (id: string, replyTo: string) => ({
  id,
  nonce: "notice",
  content: "position 1",
  running: true,
  replyTo,
  follows: null,
  edits: 0,
});

test("a plain answer is one model call and one message, and is kept", async () => {
  const here = scene();
  const outlet = newOutlet();
  const model = scriptedModel([say("It is ", "seven.")]);
  const turnId = await ask(store(), here.question);

  await attempt(on(outlet, model), turnId);

  expect(model.requests).toHaveLength(1);
  expect(outlet.requests).toEqual(["send 0"]);
  expect(outlet.messages).toMatchObject([
    { content: "It is seven.", replyTo: here.question.id, running: false },
  ]);
  expect(await said(here)).toEqual(["person: What is it?", "clara: It is seven."]);
});

test("typing begins with the turn and ends with it", async () => {
  const { question } = scene();
  const outlet = newOutlet();
  const model = heldModel("", "Seven.");
  const turnId = await ask(store(), question);

  const running = attempt(on(outlet, model), turnId);
  await model.held;
  const during = outlet.workingNow();
  model.go();
  await running;

  expect([during, outlet.workingNow()]).toEqual([1, 0]);
});

test("a failure of the model is told in one message, and not kept as something that Clara said", async () => {
  const here = scene();
  const outlet = newOutlet();
  const turnId = await ask(store(), here.question);

  await attempt(on(outlet, scriptedModel([failing("auth")])), turnId);

  expect(outlet.messages).toMatchObject([{ content: expect.stringMatching(/^-# ⚠️ My language/) }]);
  expect(await said(here)).toEqual(["person: What is it?"]);
});

test("the notice goes before the answer comes", async () => {
  const here = scene();
  const outlet = newOutlet();
  const turnId = await queued(here, { noticeId: "n1" });
  outlet.messages.push(noticeMessage("n1", here.question.id));

  await attempt(on(outlet, scriptedModel([say("Seven.")])), turnId);

  expect(outlet.requests).toEqual(["remove n1", "send 0"]);
  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
});

test("the model is asked while the notice is on its way out, and nothing is shown before it is gone", async () => {
  const here = scene();
  const outlet = newOutlet();
  const model = heldModel("One sentence. ", "Two. ", "Three.");
  const removal = Promise.withResolvers<void>();
  const slow: Outlet = {
    ...outlet,
    async remove(...given) {
      await removal.promise;
      await outlet.remove(...given);
    },
  };
  const turnId = await queued(here, { noticeId: "n1" });
  outlet.messages.push(noticeMessage("n1", here.question.id));

  const running = attempt(on(slow, model), turnId);
  model.go();
  await model.finished;
  removal.resolve();
  await running;

  expect(outlet.requests).toEqual(["remove n1", "send 0"]);
});

test("a stop while the notice is on its way out is no failure", async () => {
  const here = scene();
  const outlet = newOutlet();
  const { signals, interrupt } = createTurnSignals();
  const slow: Outlet = {
    ...outlet,
    async remove(place, id, signal) {
      interrupt("stopped");
      await outlet.remove(place, id, signal);
    },
  };
  const turnId = await queued(here, { noticeId: "n1" });
  outlet.messages.push(noticeMessage("n1", here.question.id));

  await attempt(on(slow, heldModel("", "never said")), turnId, signals);

  expect(outlet.messages.map(({ content }) => content)).toEqual([WORDS.stopped]);
});

test("a notice whose id nobody told is found, and removed", async () => {
  const here = scene();
  const outlet = newOutlet();
  const turnId = await queued(here, { noticeId: null });
  outlet.messages.push(noticeMessage("n1", here.question.id));

  await attempt(on(outlet, scriptedModel([say("Seven.")])), turnId);

  expect(outlet.requests).toEqual(["find -1", "remove n1", "send 0"]);
  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
});

test("a notice that arrives after the answer is not wanted any more", async () => {
  const here = scene();
  const turnId = await queued(here, { noticeId: null });
  await attempt(on(newOutlet(), scriptedModel([say("Seven.")])), turnId);

  expect(await store().outbox.sent(turnId, -1, "n1")).toBe(false);
});

test("a notice that cannot be removed at first is removed with the delivery", async () => {
  const here = scene();
  const outlet = newOutlet();
  outlet.faults.push({ on: "remove", when: "before" });
  const turnId = await queued(here, { noticeId: "n1" });
  outlet.messages.push(noticeMessage("n1", here.question.id));

  await attempt(on(outlet, scriptedModel([say("Seven.")])), turnId);

  expect(outlet.requests).toEqual(["remove n1", "remove n1", "send 0"]);
  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
});

test("where nothing can be said, one request finds out, and the turn ends", async () => {
  const here = scene();
  const outlet = newOutlet();
  outlet.isGone = true;
  const turnId = await ask(store(), here.question);

  await attempt(on(outlet, scriptedModel([say("x".repeat(450))])), turnId);

  expect(outlet.requests).toEqual(["send 0"]);
  const rows = await store().query("select distinct state from outbox where turn_id = $1", [
    turnId,
  ]);
  expect(rows).toEqual([{ state: "undeliverable" }]);
  const [turn] = await store().query("select state from turns where id = $1", [turnId]);
  expect(turn).toEqual({ state: "done" });
});

test("a turn that has failed too often ends with an apology", async () => {
  const { question } = scene();
  const outlet = newOutlet();
  const model = scriptedModel([]);
  const stage = on(outlet, model);
  const turnId = await ask(store(), question);
  for (let count = 0; count < MAX_TURN_ATTEMPTS; count++) await attempt(stage, turnId);
  const before = outlet.messages.length;

  await attempt(stage, turnId);

  expect(before).toBe(0);
  expect(outlet.messages).toMatchObject([{ content: WORDS.broken }]);
});

test("a question that was edited many times is no failure", async () => {
  const { place, name, question } = scene();
  const outlet = newOutlet();
  const stage = on(
    outlet,
    scriptedModel(() => say("Seven.")),
  );
  const turnId = await ask(store(), question);
  await attempt(stage, turnId);
  for (let count = 0; count < MAX_TURN_ATTEMPTS; count++) {
    await store().inbox.revise(place.scope(name), question.id, `What is it, ${count}?`);
    await attempt(stage, turnId);
  }

  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
});

test("a turn whose place is not served here goes back to the queue", async () => {
  const { question } = scene();
  const outlet = newOutlet();
  const { deps } = on(outlet, scriptedModel([say("Seven.")]));
  const delays: number[] = [];
  const queue = {
    ...deps.queue,
    release: (...[job, delayMs]: Parameters<typeof deps.queue.release>) => {
      delays.push(delayMs);
      return store().queue.release(job, 0);
    },
  };
  const turnId = await ask(store(), question);

  await attempt({ store: store(), deps: { ...deps, queue, outlets: new Map() } }, turnId);
  await attempt({ store: store(), deps }, turnId);

  expect(delays).toEqual([60_000]);
  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
});

test("a turn that was settled before is left alone", async () => {
  const { question } = scene();
  const outlet = newOutlet();
  const stage = on(outlet, scriptedModel([say("Seven."), say("Eight.")]));
  const turnId = await ask(store(), question);
  const job = await take(store(), turnId);
  await store().queue.release(job, 0);
  await attempt(stage, turnId);

  await runTurn(stage.deps, job, createTurnSignals().signals, () => {});

  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
});

test("a turn has the tools that are offered in its scope, and is told what cannot be used now", async () => {
  const here = scene();
  const outlet = newOutlet();
  const model = scriptedModel([call(["files__list", {}]), say("There are two.")]);
  const spec = { name: "files__list", description: "Lists files", inputSchema: {} };
  const tool = defineTool({
    name: spec.name,
    description: spec.description,
    label: "Listing files",
    effect: "read",
    timeoutMs: 1_000,
    input: z.object({}),
    run: async () => ({ text: "a and b" }),
  });
  const asked: Scope[] = [];
  const toolSource: ToolSource = {
    toolsFor(scope) {
      asked.push(scope);
      return { tools: [tool], specs: [spec], note: "(mail is starting.)" };
    },
  };
  const turnId = await ask(store(), here.question);

  await attempt({ store: store(), deps: { ...on(outlet, model).deps, toolSource } }, turnId);

  expect(await said(here)).toContain("clara: There are two.");
  expect(asked).toEqual([here.place.scope(here.name)]);
  expect(model.requests[0]?.tools).toEqual([spec]);
  expect(JSON.stringify(model.requests[0]?.messages)).toContain("(mail is starting.)");
});

import { expect, onTestFinished, test } from "vitest";
import { createFakeOutlet, type FakeMessage } from "../../test/fake-outlet.ts";
import { heldModel } from "../../test/held-model.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { say, scriptedModel } from "../../test/scripted-model.ts";
import { ask, newDm, newName, take } from "../../test/talk.ts";
import { turnDeps } from "../../test/turn-deps.ts";
import type { Model } from "../core/model.ts";
import { MAX_RUNNING_TURNS } from "./limits.ts";
import type { TurnDeps } from "./run-turn.ts";
import { createTurnRunner } from "./turn-runner.ts";
import { WORDS } from "./words.ts";

const store = share(openEmbeddedStore);

const setUp = (model: Model) => {
  const outlet = createFakeOutlet({ idPrefix: `${newName("m")}-` });
  return { outlet, deps: turnDeps({ store: store(), outlet, model }) };
};

/** A runner that runs until it is stopped, or until the test is over. */
function open(deps: TurnDeps, graceMs = 10_000) {
  const runner = createTurnRunner(deps, { graceMs });
  const stopping = new AbortController();
  const ended = runner.run(stopping.signal);
  const stop = () => {
    stopping.abort();
    return ended;
  };
  onTestFinished(stop);
  return { runner, stop };
}

const newPlace = () => {
  const name = newName("ana");
  const place = newDm(name);
  return { name, place, ask: (text: string) => ask(store(), place.message(name, text)) };
};

/** Answers nobody before as many have asked. */
function whenAllHaveAsked(count: number) {
  const all = Promise.withResolvers<void>();
  let asked = 0;
  const plain = scriptedModel(() => say("Seven."));
  const model: Model = {
    ...plain,
    async *stream(request) {
      if (++asked === count) all.resolve();
      await all.promise;
      yield* plain.stream(request);
    },
  };
  return { model, all: all.promise, asked: () => asked };
}

const finished = (count: number) => (messages: readonly FakeMessage[]) =>
  messages.filter(({ running }) => !running).length === count;

const isOver = (runner: { running: () => number }) =>
  expect.poll(() => runner.running(), { timeout: 10_000 }).toBe(0);

test("the runner answers many conversations side by side", async () => {
  const { model } = whenAllHaveAsked(10);
  const { deps, outlet } = setUp(model);
  for (let count = 0; count < 10; count++) await newPlace().ask("What is it?");

  const { runner } = open(deps);
  await outlet.until(finished(10));

  expect(outlet.messages).toHaveLength(10);
  await isOver(runner);
});

test("the runner answers one question of a conversation after the other", async () => {
  const first = heldModel("", "One.");
  const others = scriptedModel([say("Two."), say("Three.")]);
  const { deps, outlet } = setUp(first);
  let asked = 0;
  const models = { ...deps.models, byTier: () => (asked++ === 0 ? first : others) };
  const place = newPlace();
  for (const text of ["1?", "2?", "3?"]) await place.ask(text);

  const { runner } = open({ ...deps, models });
  await first.held;
  const askedMeanwhile = asked;
  first.go();
  await outlet.until(finished(3));

  expect(askedMeanwhile).toBe(1);
  expect(outlet.messages.map(({ content }) => content)).toEqual(["One.", "Two.", "Three."]);
  await isOver(runner);
});

test("the runner has no more turns at once than it may, and the others come after them", async () => {
  const { model, all, asked } = whenAllHaveAsked(MAX_RUNNING_TURNS);
  const { deps, outlet } = setUp(model);
  for (let count = 0; count < MAX_RUNNING_TURNS + 3; count++) await newPlace().ask("What is it?");
  let most = 0;
  const watch = () => void (most = Math.max(most, runner.running()));

  const { runner } = open({ ...deps, watch });
  await all;
  const askedAtOnce = asked();
  await outlet.until(finished(MAX_RUNNING_TURNS + 3));

  expect(askedAtOnce).toBe(MAX_RUNNING_TURNS);
  expect(most).toBe(MAX_RUNNING_TURNS);
  await isOver(runner);
}, 60_000);

test("the runner takes up a question that comes while it runs", async () => {
  const { deps, outlet } = setUp(scriptedModel([say("Seven.")]));
  const { runner } = open(deps);

  await newPlace().ask("What is it?");
  await outlet.until(finished(1));

  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
  await isOver(runner);
});

test("the runner notices a stop, also one that another process asked for", async () => {
  const model = heldModel("", "never said");
  const { deps, outlet } = setUp(model);
  const { name, place, ask: question } = newPlace();
  const turnId = await question("What is it?");
  const { runner } = open(deps);
  await model.held;

  await store().turns.cancel(place.scope(name), turnId, "stopped");
  await outlet.until(finished(1));

  expect(outlet.messages.map(({ content }) => content)).toEqual([WORDS.stopped]);
  await isOver(runner);
});

test("the runner looks for stopped turns at once when it is poked", async () => {
  const model = heldModel("", "Seven.");
  const { deps } = setUp(model);
  let looks = 0;
  const interrupted = async () => {
    looks++;
    return new Map();
  };
  await newPlace().ask("What is it?");
  const { runner } = open({ ...deps, turns: { ...deps.turns, interrupted } });
  await model.held;

  const before = looks;
  runner.poke();
  const after = looks;
  model.go();

  expect(after).toBe(before + 1);
  await isOver(runner);
});

test("the runner tells the queue that it still works on its turns", async () => {
  const model = heldModel("", "Seven.");
  const { deps } = setUp(model);
  const touched = Promise.withResolvers<readonly string[]>();
  const touch: TurnDeps["queue"]["touch"] = async (jobs) =>
    touched.resolve(jobs.map(({ turnId }) => turnId));
  const turnId = await newPlace().ask("What is it?");
  const { runner } = open({ ...deps, queue: { ...deps.queue, touch } });

  const told = await touched.promise;
  model.go();

  expect(told).toEqual([turnId]);
  await isOver(runner);
});

test("a runner that is stopped finishes what it has begun, and takes nothing new", async () => {
  const model = heldModel("", "Seven.");
  const { deps, outlet } = setUp(model);
  await newPlace().ask("What is it?");
  const { stop } = open(deps);
  await model.held;

  const stopped = stop();
  const late = await newPlace().ask("And this?");
  model.go();
  await stopped;

  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
  const job = await take(store(), late);
  await store().queue.drop(job);
});

test("a runner that is stopped gives back what does not end in time, and the next one answers it", async () => {
  const model = heldModel("It is seven. Or ", "never said");
  const { deps, outlet } = setUp(model);
  await newPlace().ask("What is it?");
  const first = open(deps, 0);
  await outlet.until(([message]) => message?.content === "It is seven. Or ");

  await first.stop();
  const next = open(turnDeps({ store: store(), outlet, model: scriptedModel([say("Eight.")]) }));
  await outlet.until(finished(1));

  expect(outlet.messages).toMatchObject([{ content: "Eight.", running: false }]);
  await isOver(next.runner);
});

test("a runner that is stopped gives back at once what it was just fetching", async () => {
  const { deps, outlet } = setUp(scriptedModel([say("never said")]));
  const turnId = await newPlace().ask("What is it?");
  const fetching = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const fetch: TurnDeps["queue"]["fetch"] = async (limit) => {
    fetching.resolve();
    await going.promise;
    return store().queue.fetch(limit);
  };
  const { stop, runner } = open({ ...deps, queue: { ...deps.queue, fetch } });
  await fetching.promise;

  const stopped = stop();
  going.resolve();
  await stopped;

  expect(runner.running()).toBe(0);
  expect(outlet.requests).toEqual([]);
  await store().queue.drop(await take(store(), turnId));
});

test("a queue that fails once does not end the runner", async () => {
  const { deps, outlet } = setUp(scriptedModel([say("Seven.")]));
  let fetches = 0;
  const fetch: TurnDeps["queue"]["fetch"] = async (limit) => {
    if (++fetches === 1) throw new Error("the store is away");
    return store().queue.fetch(limit);
  };
  const { runner } = open({ ...deps, queue: { ...deps.queue, fetch } });

  await newPlace().ask("What is it?");
  await outlet.until(finished(1));

  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
  await isOver(runner);
});

test("a turn whose place is not served here keeps nobody else waiting", async () => {
  const { deps, outlet } = setUp(scriptedModel([say("Seven.")]));
  const released = Promise.withResolvers<number>();
  const release: TurnDeps["queue"]["release"] = async (job, delayMs) => {
    released.resolve(delayMs);
    await store().queue.drop(job);
  };
  const web = newPlace();
  const conversation = { ...web.place.conversation, platform: "web" as const };
  await ask(store(), web.place.message(web.name, "Anybody?", { conversation }));
  await newPlace().ask("What is it?");

  const { runner } = open({ ...deps, queue: { ...deps.queue, release } });
  await outlet.until(finished(1));

  expect(await released.promise).toBe(60_000);
  expect(outlet.messages.map(({ content }) => content)).toEqual(["Seven."]);
  await isOver(runner);
});

import { expect, test } from "vitest";
import { manualClock } from "../../test/llm/manual-clock.ts";
import { recordingLog } from "../../test/llm/recording-log.ts";
import { ask, collect, collectUntilFailure, textOf } from "../../test/llm/requests.ts";
import { failing, say, scriptedModel, type ScriptLine } from "../../test/scripted-model.ts";
import { ModelError, type Model, type ModelErrorKind } from "../core/model.ts";
import { withFallback } from "./fallback.ts";

const named = (name: string, script: readonly ScriptLine[]) => ({ ...scriptedModel(script), name });

const asking = (kind: ModelErrorKind, retryAfterMs: number): ScriptLine => ({
  events: [],
  fail: new ModelError("scripted", { kind, provider: "script", retryAfterMs }),
  paceMs: 0,
});

const setUp = (...models: [Model, ...Model[]]) => {
  const clock = manualClock();
  const log = recordingLog();
  const model = withFallback(models, { clock, log });
  const answer = async () => textOf(await collect(model.stream(ask("hello"))));
  const failure = async () => (await collectUntilFailure(model.stream(ask("hello")))).error;
  return { model, clock, log, answer, failure };
};

test("withFallback() asks nobody else while the first model answers", async () => {
  const first = named("first", [say("one")]);
  const second = named("second", []);
  const { model, answer } = setUp(first, second);

  expect(await answer()).toBe("one");

  expect(model.name).toBe("first");
  expect(second.requests).toEqual([]);
});

test.each([
  "overloaded",
  "rate-limited",
  "timeout",
  "network",
  "broken-stream",
  "unknown",
  "auth",
  "no-credit",
  "not-found",
] as const)("withFallback() asks the next model when the first fails with %s", async (kind) => {
  const { answer } = setUp(named("first", [failing(kind)]), named("second", [say("two")]));

  expect(await answer()).toBe("two");
});

test.each(["context-too-long", "bad-request"] as const)(
  "withFallback() does not ask anybody else after %s: the answer would be the same",
  async (kind) => {
    const second = named("second", [say("never")]);
    const { failure } = setUp(named("first", [failing(kind)]), second);

    expect(await failure()).toMatchObject({ kind });

    expect(second.requests).toEqual([]);
  },
);

test("withFallback() never changes the model after visible text", async () => {
  const second = named("second", [say("never")]);
  const { model } = setUp(named("first", [failing("overloaded", "Once upon")]), second);

  const { before, error } = await collectUntilFailure(model.stream(ask("hello")));

  expect(textOf(before)).toBe("Once upon");
  expect(error).toMatchObject({ kind: "overloaded" });
  expect(second.requests).toEqual([]);
});

test("withFallback() shows one start only: that of the model that answers", async () => {
  const { model } = setUp(named("first", [failing("timeout")]), named("second", [say("two")]));

  const events = await collect(model.stream(ask("hello")));

  expect(events.map(({ type }) => type)).toEqual(["start", "text-delta", "end"]);
});

test("withFallback() asks in the order given, and throws what the first said when all fail", async () => {
  const { failure, log } = setUp(
    named("first", [failing("overloaded")]),
    named("second", [failing("context-too-long")]),
    named("third", [failing("network")]),
  );

  expect(await failure()).toMatchObject({ kind: "overloaded" });

  expect(log.lines.map(({ fields }) => fields["model"])).toEqual(["first", "third"]);
});

test("withFallback() lets a model rest for 30 seconds after an outage", async () => {
  const first = named("first", [failing("overloaded"), say("one again")]);
  const { answer, clock } = setUp(first, named("second", [say("two"), say("two")]));

  expect(await answer()).toBe("two");
  clock.pass(29_000);
  expect(await answer()).toBe("two");
  clock.pass(2_000);
  expect(await answer()).toBe("one again");
});

test("withFallback() lets a model rest as long as its provider asked, and at most ten minutes", async () => {
  const first = named("first", [asking("rate-limited", 3_600_000), say("one again")]);
  const { answer, clock } = setUp(first, named("second", [say("two"), say("two")]));

  expect(await answer()).toBe("two");
  clock.pass(590_000);
  expect(await answer()).toBe("two");
  clock.pass(11_000);
  expect(await answer()).toBe("one again");
});

test("withFallback() asks a resting model rather than nobody", async () => {
  const first = named("first", [failing("overloaded"), say("one again")]);
  const second = named("second", [failing("overloaded"), failing("overloaded")]);
  const { answer, failure } = setUp(first, second);

  await failure();

  expect(await answer()).toBe("one again");
});

test("withFallback() trusts a model again that answered in spite of its rest", async () => {
  const first = named("first", [asking("rate-limited", 600_000), say("one"), say("one")]);
  const second = named("second", [say("two"), failing("overloaded"), say("two")]);
  const { answer, clock } = setUp(first, second);

  expect([await answer(), await answer()]).toEqual(["two", "one"]);
  clock.pass(31_000);
  expect(await answer()).toBe("one");
});

test.each(["auth", "no-credit", "not-found"] as const)(
  "withFallback() tells the operator of %s loudly once an hour: a revoked key, no credit, a retired model",
  async (kind) => {
    const first = named("first", [failing(kind), failing(kind), failing(kind)]);
    const second = named("second", [say("two"), say("two"), say("two")]);
    const { answer, clock, log } = setUp(first, second);

    await answer();
    clock.pass(1_800_000);
    await answer();
    clock.pass(1_800_000);
    await answer();

    expect(log.lines).toMatchObject([
      { level: "error", event: "model-failed", fields: { model: "first", kind } },
      { level: "warn", event: "model-failed" },
      { level: "error", event: "model-failed" },
    ]);
    expect(log.lines[0]?.fields["error"]).toBeInstanceOf(ModelError);
  },
);

test("withFallback() only warns of what heals by itself", async () => {
  const { answer, log } = setUp(
    named("first", [failing("overloaded")]),
    named("second", [say("two")]),
  );

  await answer();

  expect(log.lines.map(({ level }) => level)).toEqual(["warn"]);
});

test("withFallback() ends with the signal's own reason, and blames no model for it", async () => {
  const stop = new AbortController();
  const reason = new Error("a person said stop");
  const first: Model = {
    name: "first",
    contextTokens: 1_000,
    // oxlint-disable-next-line require-yield
    async *stream() {
      stop.abort(reason);
      throw new ModelError("cut", { kind: "network", provider: "first" });
    },
  };
  const second = named("second", [say("never")]);
  const { model, log } = setUp(first, second);

  const { error } = await collectUntilFailure(model.stream(ask("x", { signal: stop.signal })));

  expect(error).toBe(reason);
  expect(second.requests).toEqual([]);
  expect(log.lines).toEqual([]);
});

test("withFallback() does not hide a bug", async () => {
  const { failure } = setUp(named("first", []), named("second", [say("never")]));

  expect(await failure()).toMatchObject({ message: "The script has no line 1" });
});

import { expect, test } from "vitest";
import { ask, collect, collectUntilFailure, textOf } from "../../test/llm/requests.ts";
import { failing, say, scriptedModel, type ScriptLine } from "../../test/scripted-model.ts";
import { ModelError, type ModelErrorKind } from "../core/model.ts";
import { withRetries } from "./retrying.ts";

const failingAfter = (kind: ModelErrorKind, retryAfterMs: number): ScriptLine => ({
  events: [],
  fail: new ModelError("scripted", { kind, provider: "script", retryAfterMs }),
  paceMs: 0,
});

const setUp = (script: readonly ScriptLine[], random = 1) => {
  const inner = scriptedModel(script);
  const pauses: number[] = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  return { inner, pauses, model: withRetries(inner, { random: () => random, sleep }) };
};

test("withRetries() passes a good answer on as it is", async () => {
  const { model, inner, pauses } = setUp([say("Hi ", "there.")]);

  const events = await collect(model.stream(ask("hello")));

  expect(events.map(({ type }) => type)).toEqual(["start", "text-delta", "text-delta", "end"]);
  expect(inner.requests).toHaveLength(1);
  expect(pauses).toEqual([]);
});

test.each(["overloaded", "rate-limited", "network"] as const)(
  "withRetries() tries four times when %s, with longer and longer pauses",
  async (kind) => {
    const { model, inner, pauses } = setUp([1, 2, 3, 4, 5].map(() => failing(kind)));

    const { error } = await collectUntilFailure(model.stream(ask("hello")));

    expect(error).toMatchObject({ kind });
    expect(inner.requests).toHaveLength(4);
    expect(pauses).toEqual([500, 1_000, 2_000]);
  },
);

test.each(["timeout", "broken-stream"] as const)(
  "withRetries() tries only once more after a %s, which has cost time",
  async (kind) => {
    const { model, inner } = setUp([failing(kind), failing(kind), say("too late")]);

    const { error } = await collectUntilFailure(model.stream(ask("hello")));

    expect(error).toMatchObject({ kind });
    expect(inner.requests).toHaveLength(2);
  },
);

test.each([
  "auth",
  "no-credit",
  "not-found",
  "context-too-long",
  "bad-request",
  "unknown",
] as const)(
  "withRetries() does not try again after %s: a revoked key stays revoked",
  async (kind) => {
    const { model, inner } = setUp([failing(kind), say("never")]);

    const { error } = await collectUntilFailure(model.stream(ask("hello")));

    expect(error).toMatchObject({ kind });
    expect(inner.requests).toHaveLength(1);
  },
);

test("withRetries() shows one start and the words of the attempt that worked", async () => {
  const { model } = setUp([failing("overloaded"), say("Hi.")]);

  const events = await collect(model.stream(ask("hello")));

  expect(events.map(({ type }) => type)).toEqual(["start", "text-delta", "end"]);
  expect(textOf(events)).toBe("Hi.");
});

test("withRetries() never tries again after visible text", async () => {
  const { model, inner } = setUp([failing("overloaded", "Once upon"), say("never")]);

  const { before, error } = await collectUntilFailure(model.stream(ask("hello")));

  expect(textOf(before)).toBe("Once upon");
  expect(error).toMatchObject({ kind: "overloaded" });
  expect(inner.requests).toHaveLength(1);
});

test("withRetries() waits as long as the provider asked", async () => {
  const { model, pauses } = setUp([failingAfter("rate-limited", 7_000), say("Hi.")]);

  await collect(model.stream(ask("hello")));

  expect(pauses).toEqual([7_000]);
});

test("withRetries() gives up at once when the provider asks for a day", async () => {
  const { model, inner } = setUp([failingAfter("rate-limited", 86_400_000), say("never")]);

  const { error } = await collectUntilFailure(model.stream(ask("hello")));

  expect(error).toMatchObject({ kind: "rate-limited", retryAfterMs: 86_400_000 });
  expect(inner.requests).toHaveLength(1);
});

test("withRetries() leaves half of a pause to chance", async () => {
  const { model, pauses } = setUp([failing("overloaded"), say("Hi.")], 0);

  await collect(model.stream(ask("hello")));

  expect(pauses).toEqual([250]);
});

test("withRetries() ends with the signal's own reason when it fires during a pause", async () => {
  const stop = new AbortController();
  const reason = new Error("a person said stop");
  const sleep = async (_ms: number, signal: AbortSignal) => {
    stop.abort(reason);
    signal.throwIfAborted();
  };
  const inner = scriptedModel([failing("overloaded"), say("never")]);
  const model = withRetries(inner, { random: () => 1, sleep });

  const { error } = await collectUntilFailure(model.stream(ask("x", { signal: stop.signal })));

  expect(error).toBe(reason);
  expect(inner.requests).toHaveLength(1);
});

test("withRetries() does not hide a bug", async () => {
  const { model } = setUp([]);

  const { error } = await collectUntilFailure(model.stream(ask("hello")));

  expect(error).toMatchObject({ message: "The script has no line 1" });
});

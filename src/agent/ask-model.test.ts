import { expect, test } from "vitest";
import { createMemorySteps } from "../../test/memory-steps.ts";
import { failing, say, scriptedModel, type ScriptLine } from "../../test/scripted-model.ts";
import { turnOf } from "../../test/turns.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import type { ModelEvent, ModelRequest, ToolCall, Usage } from "../core/model.ts";
import type { StepStore } from "../core/stores.ts";
import { LeaseLost, type StepCost } from "../core/turn.ts";
import { askModel, fromStep } from "./ask-model.ts";

const at = { lease: { turnId: turnOf().id, generation: 1 }, seq: 0 };

const request: ModelRequest = {
  system: [],
  messages: [],
  lastStableMessage: -1,
  tools: [],
  toolChoice: "auto",
  maxOutputTokens: 100,
  signal: new AbortController().signal,
};

async function ask(script: readonly ScriptLine[], steps = createMemorySteps()) {
  const model = scriptedModel(script);
  const shown: string[] = [];
  const answer = await askModel(depsOf(steps), model, request, at, (text) => {
    shown.push(text);
  });
  return { answer, shown, model, steps };
}

const depsOf = (steps: StepStore, charged: StepCost[] = []) => ({
  steps,
  charge: async (cost: StepCost) => void charged.push(cost),
  fault: noFault,
  log: silentLog,
  holdsSecret: (text: string) => text.includes("hunter-22"),
});

const line = (...events: readonly ModelEvent[]): ScriptLine => ({ events, fail: null, paceMs: 0 });
const start = (provider: string, model: string): ModelEvent => ({ type: "start", provider, model });
const delta = (text: string): ModelEvent => ({ type: "text-delta", text });
const made = (call: Partial<ToolCall>): ModelEvent => ({
  type: "tool-call",
  call: { id: "a", name: "look", input: {}, problem: null, ...call },
});
const usage: Usage = {
  inputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 5,
  costUsd: 0.001,
  estimated: false,
};
const end = (change: Partial<Usage> = {}): ModelEvent => ({
  type: "end",
  stop: "end",
  usage: { ...usage, ...change },
  replay: { signed: "thoughts" },
});

test("the answer is stored with its cost, and read back as it was", async () => {
  const script = [line(start("p", "m-1"), delta("Let me "), delta("see."), made({}), end())];

  const { answer, steps } = await ask(script);

  expect(answer).toEqual({
    text: "Let me see.",
    calls: [{ id: "a", name: "look", input: {}, problem: null }],
    stop: "end",
    replay: { signed: "thoughts" },
    cost: { provider: "p", model: "m-1", usage },
  });
  expect(steps.costs).toEqual([answer.cost]);
  expect(fromStep(steps.rows.get(0))).toEqual(answer);
});

test("the intent is stored before the first word is shown, and the model is asked meanwhile", async () => {
  const happened: string[] = [];
  const begun = Promise.withResolvers<void>();
  const memory = createMemorySteps();
  const steps: typeof memory = {
    ...memory,
    async begin(...given) {
      await begun.promise;
      await memory.begin(...given);
      happened.push("begun");
    },
  };
  const model = scriptedModel([say("Hello.")]);
  const asking: typeof model = {
    ...model,
    async *stream(asked) {
      happened.push("asked");
      begun.resolve();
      yield* model.stream(asked);
    },
  };

  await askModel(depsOf(steps), asking, request, at, () => happened.push("shown"));

  expect(happened).toEqual(["asked", "begun", "shown"]);
});

test("an intent that cannot be stored shows nothing", async () => {
  const memory = createMemorySteps();
  const shown: string[] = [];
  const steps = {
    ...memory,
    begin: async () => {
      throw new LeaseLost("another has it");
    },
  };

  const asking = askModel(depsOf(steps), scriptedModel([say("Hello.")]), request, at, (text) =>
    shown.push(text),
  );

  await expect(asking).rejects.toThrow(LeaseLost);
  expect(shown).toEqual([]);
});

test("a stream that breaks after words is asked for once more, and the new words replace the old", async () => {
  const { answer, shown, model } = await ask([failing("broken-stream", "Once upon"), say("Once.")]);

  expect(answer.text).toBe("Once.");
  expect(shown).toEqual(["Once upon", "Once."]);
  expect(model.requests).toHaveLength(2);
});

test("a stream that breaks again is a failure", async () => {
  const broken = failing("broken-stream", "Once upon");

  await expect(ask([broken, broken, say("never asked")])).rejects.toMatchObject({
    kind: "broken-stream",
  });
});

test.each([
  ["before words: the layer below has tried often enough", failing("broken-stream")],
  ["for good", failing("auth", "Once upon")],
])("a stream that breaks %s is not asked for again", async (_, broken) => {
  await expect(ask([broken, say("never asked")])).rejects.toThrow("scripted");
});

test("a stream without an end is broken, and is no answer", async () => {
  const cut = line(start("p", "m-1"), delta("Once upon"));

  const { answer } = await ask([cut, say("Once.")]);

  expect(answer.text).toBe("Once.");
});

test("the cost belongs to the model that really answered", async () => {
  const broken = { ...line(start("p", "m-1"), delta("Once")), fail: failing("network").fail };
  const { answer } = await ask([broken, line(start("q", "m-2"), delta("Twice."), end())]);

  expect(answer.cost).toMatchObject({ provider: "q", model: "m-2" });
});

test("of identical twins with one id the first is kept", async () => {
  const { answer } = await ask([line(made({}), made({}), end())]);

  expect(answer.calls.map(({ id }) => id)).toEqual(["a"]);
});

test("different calls with one id get ids of their own, which nobody else has", async () => {
  const calls = [
    made({ id: "a", name: "one" }),
    made({ id: "a-2", name: "two" }),
    made({ id: "a", name: "three" }),
    made({ id: "a", name: "four" }),
  ];

  const { answer } = await ask([line(...calls, end())]);

  expect(answer.calls.map(({ id, name }) => [id, name])).toEqual([
    ["a", "one"],
    ["a-2", "two"],
    ["a-3", "three"],
    ["a-4", "four"],
  ]);
});

test.each([
  ["negative", { inputTokens: -5, costUsd: -1 }, { inputTokens: 0, costUsd: null }],
  [
    "no numbers",
    { outputTokens: Number.NaN, costUsd: Number.NaN },
    { outputTokens: 0, costUsd: null },
  ],
  ["absurd", { inputTokens: 1e15, costUsd: 1e9 }, { inputTokens: 20_000_000, costUsd: null }],
  ["infinite", { cachedInputTokens: Infinity }, { cachedInputTokens: 0, costUsd: 0.001 }],
  ["fractions", { outputTokens: 4.6 }, { outputTokens: 5, costUsd: 0.001 }],
])("figures that are %s turn into nothing that could not be true", async (_, given, expected) => {
  const { answer } = await ask([line(delta("Hi."), end(given))]);

  expect(answer.cost.usage).toMatchObject(expected);
});

test("fromStep() knows nothing of a step without a result", () => {
  const step = {
    seq: 0,
    kind: "model",
    name: "m",
    effect: "read",
    input: {},
    result: null,
  } as const;

  expect([fromStep(step), fromStep(undefined)]).toEqual([null, null]);
});

test("a call that began and was stopped is charged by what is known of it", async () => {
  const charged: StepCost[] = [];
  const stop = new AbortController();
  const asked = { ...request, messages: QUESTION, signal: stop.signal };
  const model = scriptedModel([say("x".repeat(360), "never shown")]);

  const asking = askModel(depsOf(createMemorySteps(), charged), model, asked, at, () =>
    stop.abort(new Error("stopped")),
  );

  await expect(asking).rejects.toThrow("stopped");
  expect(charged).toMatchObject([
    { provider: "script", model: "script-1", usage: { outputTokens: 100, estimated: true } },
  ]);
  expect(charged[0]?.usage.costUsd).toBeGreaterThan(0.0025);
});

test("of a stream that breaks after words both calls are charged", async () => {
  const charged: StepCost[] = [];
  const steps = createMemorySteps();
  const model = scriptedModel([failing("network", "Once upon"), say("Once.")]);

  await askModel(depsOf(steps, charged), model, request, at, () => {});

  expect([charged.length, steps.costs.length]).toEqual([1, 1]);
});

test("a call that never began is not charged", async () => {
  const charged: StepCost[] = [];
  const model = scriptedModel([{ ...failing("auth"), events: [] }]);

  const asking = askModel(depsOf(createMemorySteps(), charged), model, request, at, () => {});

  await expect(asking).rejects.toThrow("scripted");
  expect(charged).toEqual([]);
});

test("a charge that cannot be made changes nothing of how the call ends", async () => {
  const deps = {
    ...depsOf(createMemorySteps()),
    charge: () => Promise.reject(new Error("the store is away")),
  };
  const model = scriptedModel([failing("auth", "Once upon")]);

  await expect(askModel(deps, model, request, at, () => {})).rejects.toThrow("scripted");
});

const QUESTION = [{ role: "user", content: [{ type: "text", text: "What is it?" }] }] as const;

test("arguments that hold a secret are not kept with the step, and after a crash the call is still not run", async () => {
  const steps = createMemorySteps();
  const input = { to: [{ say: "It is hunter-22." }] };
  const script = line(start("p", "m"), made({ input }), made({ id: "b", input: { x: 1 } }), end());

  const { answer } = await ask([script], steps);

  const stored = steps.rows.get(0);
  expect(answer.calls[0]?.input).toEqual(input);
  expect(JSON.stringify(stored)).not.toContain("hunter-22");
  expect(fromStep(stored)?.calls).toEqual([
    { id: "a", name: "look", input: {}, problem: expect.stringContaining("Not run") },
    { id: "b", name: "look", input: { x: 1 }, problem: null },
  ]);
});

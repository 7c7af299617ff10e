import { expect, test } from "vitest";
import { z } from "zod";
import { createMemorySteps } from "../../test/memory-steps.ts";
import {
  call,
  failing,
  malformed,
  say,
  scriptedModel,
  stopping,
  type ScriptLine,
} from "../../test/scripted-model.ts";
import { freePolicy } from "../../test/memory-policy.ts";
import { noBudgets, plainOutgoing } from "../../test/turn-deps.ts";
import { turnOf } from "../../test/turns.ts";
import { systemClock } from "../core/clock.ts";
import { noFault } from "../core/fault.ts";
import { messageId, type MessageId } from "../core/ids.ts";
import { silentLog } from "../core/log.ts";
import type { Json, JsonObject, ModelRequest, ToolAnswer } from "../core/model.ts";
import { defineTool } from "../core/tool.ts";
import type { Step } from "../core/turn.ts";
import { compose } from "./compose.ts";
import { WORDS } from "./words.ts";

/** What a model may do wrong, as the turn sees it: the rest of the list is tested in src/llm. */
const turn = turnOf();
const forEver = new AbortController().signal;

/** Doubles a number, and says how many of it run at once. */
const doubling = () => {
  const runs: number[] = [];
  let running = 0;
  let most = 0;
  const tool = defineTool({
    name: "double",
    description: "Doubles a number.",
    label: "Doubling",
    effect: "read",
    timeoutMs: 1_000,
    input: z.strictObject({ number: z.number() }),
    async run({ number }) {
      runs.push(number);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return { text: String(number * 2) };
    },
  });
  return { tool, runs, most: () => most };
};

const line = (id: MessageId, text: string) => ({
  id,
  role: "person" as const,
  authorId: turn.scope.principal.userId,
  authorName: "ana",
  text,
  replyTo: null,
  attachments: [],
  sentAt: new Date("2026-11-24T12:00:00Z"),
});

interface SetUp {
  readonly tool?: ReturnType<typeof doubling>["tool"];
  readonly earlier?: readonly Step[];
  readonly signal?: AbortSignal;
  readonly history?: number;
  readonly onText?: (text: string) => void;
}

async function run(script: readonly ScriptLine[], setUp: SetUp = {}) {
  const { tool = doubling().tool, earlier = [], signal = forEver, history = 0 } = setUp;
  const model = scriptedModel(script);
  const before = Array.from({ length: history }, (_, n) =>
    line(messageId(`discord:0${n}`), "x".repeat(4_000)),
  );
  const deps = {
    transcript: {
      recent: async () => [...before, line(turn.triggerId, "What is it?")],
      chain: async () => [],
      search: async () => [],
      summary: async () => null,
      saveSummary: async () => {},
    },
    steps: createMemorySteps(earlier),
    budgets: noBudgets,
    tools: [tool],
    policy: freePolicy(),
    toolSpecs: [{ name: tool.name, description: tool.description, inputSchema: {} }],
    limits: {
      maxSteps: 12,
      maxTurnMs: 60_000,
      maxTurnUsd: null,
      maxOutputTokens: 1_000,
      maxContextTokens: 20_000,
      maxToolResultChars: 1_000,
    },
    readAttachments: async () => [],
    context: {
      botName: "Clara",
      persona: "You are {name}.",
      timeZone: "UTC",
      historyLimit: 50,
      dmHistoryLimit: 50,
      maxChars: 1_000_000,
    },
    clock: systemClock,
    fault: noFault,
    outgoing: plainOutgoing,
    log: silentLog,
  };
  const stage = { onText: setUp.onText ?? (() => {}), watch: () => {} };
  const composed = await compose(deps, model, turn, earlier, stage, signal);
  return { composed, model };
}

const double = (number: Json, ...more: readonly Json[]) =>
  call(...[number, ...more].map((value): [string, JsonObject] => ["double", { number: value }]));

const answersIn = (request: ModelRequest | undefined): readonly ToolAnswer[] => {
  const message = request?.messages.at(-1);
  return message?.role === "tool" ? message.answers : [];
};

test("a context that is too long is gathered anew, smaller, and asked about once more only", async () => {
  const { composed, model } = await run(
    [failing("context-too-long"), failing("context-too-long"), say("never")],
    { history: 15 },
  );

  const [first, second] = model.requests.map(({ messages }) => JSON.stringify(messages).length);
  expect(model.requests).toHaveLength(2);
  expect(second).toBeLessThan((first ?? 0) / 2);
  expect(composed.detail).toBe("model:context-too-long");
});

test.each([
  ["a number as text", { number: "7" }],
  ["a missing field", {}],
  ["a field too many", { number: 7, unit: "kg" }],
  ["null", { number: null }],
])("arguments that do not fit (%s) are explained to the model, and not run", async (_, input) => {
  const { tool, runs } = doubling();

  const { composed, model } = await run([call(["double", input]), double(7), say("14.")], { tool });

  expect(answersIn(model.requests[1])).toMatchObject([{ isError: true }]);
  expect(answersIn(model.requests[1])[0]?.text).toContain("The arguments do not fit");
  expect(runs).toEqual([7]);
  expect(composed.text).toBe("14.");
});

test("arguments that do not fit are explained twice, then the model must do without tools", async () => {
  const { composed, model } = await run([double("a"), double("b"), say("I can't count.")]);

  expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(["auto", "auto", "none"]);
  expect(composed).toMatchObject({ text: "I can't count.", detail: "answered" });
});

test("a repair that works is forgiven: only malformed answers in a row count", async () => {
  const { model } = await run([
    double("a"),
    double(1),
    malformed("double"),
    double(2),
    double("b"),
    say("Done."),
  ]);

  expect(model.requests.at(-1)?.toolChoice).toBe("auto");
});

test.each(["Double", "dou ble", "double ", "another_users_tool", "constructor"])(
  "a tool named %j is unknown, and not run",
  async (name) => {
    const { tool, runs } = doubling();

    const { model } = await run([call([name, { number: 7 }]), say("No.")], { tool });

    expect(answersIn(model.requests[1])).toMatchObject([
      { isError: true, text: expect.stringContaining("There is no tool named") },
    ]);
    expect(runs).toEqual([]);
  },
);

test("200 parallel calls run 16 at most, eight at once, and every one is answered", async () => {
  const { tool, runs, most } = doubling();
  const numbers = Array.from({ length: 199 }, (_, n) => n + 1);

  const { model } = await run([double(0, ...numbers), say("Enough.")], { tool });

  const answers = answersIn(model.requests[1]);
  expect(answers).toHaveLength(200);
  expect(answers.filter(({ isError }) => isError)).toHaveLength(184);
  expect(answers.at(-1)?.text).toContain("one answer may hold 16 calls");
  expect(runs).toHaveLength(16);
  expect(most()).toBe(8);
});

test("an endless loop of tools ends after the last step, and says so", async () => {
  const script = Array.from({ length: 12 }, (_, n) => double(n));

  const { composed, model } = await run(script);

  expect(model.requests).toHaveLength(12);
  expect(composed).toMatchObject({ detail: "out-of-steps", text: WORDS.outOfSteps });
});

test("a ping-pong of two calls is noticed with the third round", async () => {
  const { tool, runs } = doubling();
  const rounds = [double(1), double(2), double(1), double(2), double(1), double(2), say("Stop.")];

  const { model } = await run(rounds, { tool });

  expect(runs).toEqual([1, 2, 1, 2]);
  expect(answersIn(model.requests[5])[0]?.text).toContain("you have made this very call before");
});

test("an answer of nothing but thoughts is asked for once more, then there are words", async () => {
  const thinking: ScriptLine = {
    events: [
      { type: "start", provider: "script", model: "script-1" },
      { type: "reasoning-delta", text: "Hm. She wants to know." },
      ...say().events.filter(({ type }) => type === "end"),
    ],
    fail: null,
    paceMs: 0,
  };

  const { composed, model } = await run([thinking, thinking, say("never")]);

  expect(model.requests).toHaveLength(2);
  expect(composed).toMatchObject({ text: WORDS.nothing, detail: "empty" });
});

test("an empty answer behind a tool is asked for once more", async () => {
  const { composed } = await run([double(7), say(" \n"), say("14.")]);

  expect(composed.text).toBe("14.");
});

test("a refusal in the middle keeps what was said", async () => {
  const { composed } = await run([stopping("refusal", "First, take")]);

  expect(composed).toMatchObject({ text: "First, take", detail: "refused" });
});

test("a stop during the stream ends it at once, with its own reason and nothing more shown", async () => {
  const stop = new AbortController();
  const reason = new Error("a person said stop");
  const shown: string[] = [];
  const onText = (text: string) => {
    shown.push(text);
    stop.abort(reason);
  };

  const running = run([say("Once ", "upon ", "a time.")], {
    signal: stop.signal,
    onText,
  });

  await expect(running).rejects.toBe(reason);
  expect(shown).toEqual(["Once "]);
});

test("a stop while a tool runs tells the tool", async () => {
  const stop = new AbortController();
  const reason = new Error("a person said stop");
  const told: unknown[] = [];
  const endless = defineTool({
    name: "wait",
    description: "Waits.",
    label: "Waiting",
    effect: "read",
    timeoutMs: 60_000,
    input: z.object({}),
    async run(_, { signal }) {
      signal.addEventListener("abort", () => told.push(signal.reason));
      stop.abort(reason);
      return await new Promise<never>(() => {});
    },
  });

  const running = run([call(["wait", {}])], { tool: endless, signal: stop.signal });

  await expect(running).rejects.toBe(reason);
  expect(told).toEqual([reason]);
});

const asked: Step = {
  seq: 0,
  kind: "model",
  name: "script",
  effect: "read",
  input: {},
  result: {
    text: "",
    calls: [1, 2, 3].map((number) => ({
      id: `call-${number}`,
      name: "double",
      input: { number },
      problem: null,
    })),
    stop: "tool-calls",
    replay: null,
    cost: {
      provider: "script",
      model: "script-1",
      usage: {
        inputTokens: 1,
        cachedInputTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 1,
        costUsd: 0,
        estimated: false,
      },
    },
  },
};

const tool = (seq: number, result: JsonObject | null): Step => ({
  seq,
  kind: "tool",
  name: "double",
  effect: "read",
  input: { number: seq },
  result,
});

test("after a crash every call of the history has its answer and every answer its call", async () => {
  const { tool: again, runs } = doubling();
  const stored = { callId: "call-1", text: "2", isError: false };
  const earlier = [asked, tool(1, stored), tool(2, null)];

  const { model } = await run([say("2, 4 and 6.")], { tool: again, earlier });

  const [before, answers] = model.requests[0]?.messages.slice(-2) ?? [];
  expect(before).toMatchObject({
    role: "assistant",
    calls: [{ id: "call-1" }, { id: "call-2" }, { id: "call-3" }],
  });
  expect(answers).toEqual({
    role: "tool",
    answers: [
      stored,
      { callId: "call-2", text: "4", isError: false },
      { callId: "call-3", text: "6", isError: false },
    ],
  });
  expect(runs).toEqual([2, 3]);
});

test("after a crash an answer without its call is left out of the history", async () => {
  const orphan = tool(7, { callId: "call-7", text: "14", isError: false });

  const { model } = await run([say("Hello.")], { earlier: [orphan] });

  expect(JSON.stringify(model.requests[0]?.messages)).not.toContain("call-7");
});

import { expect, test } from "vitest";
import { z } from "zod";
import { createMemorySteps } from "../../test/memory-steps.ts";
import type { ScriptLine } from "../../test/scripted-model.ts";
import {
  call,
  failing,
  malformed,
  say,
  scriptedModel,
  stopping,
} from "../../test/scripted-model.ts";
import { freePolicy } from "../../test/memory-policy.ts";
import { noBudgets, plainOutgoing } from "../../test/turn-deps.ts";
import { turnOf } from "../../test/turns.ts";
import { systemClock } from "../core/clock.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import type { JsonObject, ModelRequest } from "../core/model.ts";
import type { Transcript } from "../core/stores.ts";
import type { Tool, ToolOutput } from "../core/tool.ts";
import { defineTool } from "../core/tool.ts";
import type { Step } from "../core/turn.ts";
import type { Budgets } from "./budgets.ts";
import { compose } from "./compose.ts";
import { WORDS } from "./words.ts";

const turn = turnOf();
const forEver = new AbortController().signal;

const transcript: Transcript = {
  recent: async () => [
    {
      id: turn.triggerId,
      role: "person",
      authorId: turn.scope.principal.userId,
      authorName: "ana",
      text: "What now?",
      replyTo: null,
      attachments: [],
      sentAt: new Date("2026-11-24T12:00:00Z"),
    },
  ],
  chain: async () => [],
  search: async () => [],
  summary: async () => null,
  saveSummary: async () => {},
};

interface SetUp {
  readonly tools?: readonly Tool[];
  readonly budgets?: Budgets;
  readonly maxSteps?: number;
  readonly maxTurnUsd?: number;
  readonly earlier?: readonly Step[];
  readonly signal?: AbortSignal;
}

const ask = async (script: readonly ScriptLine[], setUp: SetUp = {}) => {
  const { tools = [], budgets = noBudgets, maxSteps = 20, maxTurnUsd = null, earlier = [] } = setUp;
  const model = scriptedModel(script);
  const steps = createMemorySteps(earlier);
  const shown: string[] = [];
  const deps = {
    transcript,
    steps,
    budgets,
    tools,
    policy: freePolicy(),
    toolSpecs: tools.map(({ name, description }) => ({ name, description, inputSchema: {} })),
    limits: {
      maxSteps,
      maxTurnMs: 60_000,
      maxTurnUsd,
      maxOutputTokens: 1_000,
      maxContextTokens: 50_000,
      maxToolResultChars: 50,
    },
    readAttachments: async () => [],
    context: {
      botName: "Clara",
      persona: "You are {name}.",
      timeZone: "UTC",
      historyLimit: 50,
      dmHistoryLimit: 25,
      maxChars: 100_000,
    },
    clock: systemClock,
    fault: noFault,
    outgoing: plainOutgoing,
    log: silentLog,
  };
  const stage = { onText: (text: string) => void shown.push(text), watch: () => {} };
  const composed = await compose(deps, model, turn, earlier, stage, setUp.signal ?? forEver);
  return { composed, model, steps, shown };
};

const lastAnswers = (request: ModelRequest | undefined) => {
  const message = request?.messages.at(-1);
  return message?.role === "tool" ? message.answers : [];
};

const echo = (effect: Tool["effect"], run: (text: string) => Promise<ToolOutput>) =>
  defineTool({
    name: "echo",
    description: "Says it back.",
    label: "Echoing",
    effect,
    timeoutMs: 1_000,
    input: z.object({ text: z.string() }),
    run: ({ text }) => run(text),
  });

const readEcho = echo("read", async (text) => ({ text }));

test("compose() makes exactly one model call for a plain answer", async () => {
  const { composed, model } = await ask([say("Hello ", "there.")]);

  expect(composed).toMatchObject({ text: "Hello there.", detail: "answered" });
  expect(model.requests).toHaveLength(1);
});

test("compose() shows the words as they grow", async () => {
  const { shown } = await ask([say("Hello ", "there, how ", "are you?")]);

  // The last word may still become an address.
  expect(shown).toEqual(["Hello ", "Hello there, how ", "Hello there, how are "]);
});

test("compose() tells who asks by id, and puts what changes last", async () => {
  const { model } = await ask([say("Hi.")]);

  expect(model.requests[0]?.system[0]?.text).toContain("You are Clara.");
  expect(JSON.stringify(model.requests[0]?.messages.at(-1))).toContain(
    "[ana (p420452) 12:00] What now?",
  );
});

test("compose() runs a tool and gives its result to the model", async () => {
  const script = [call(["echo", { text: "seven" }]), say("It is seven.")];

  const { composed, model } = await ask(script, { tools: [readEcho] });

  expect(composed.text).toBe("It is seven.");
  expect(lastAnswers(model.requests[1])).toEqual([
    { callId: "call-0", text: "seven", isError: false },
  ]);
});

test("compose() shows a bad tool call to the model instead of throwing", async () => {
  const script = [call(["echo", { text: 7 }]), say("Sorry.")];

  const { composed, model } = await ask(script, { tools: [readEcho] });

  expect(composed.text).toBe("Sorry.");
  expect(lastAnswers(model.requests[1])).toMatchObject([{ isError: true }]);
});

test("compose() gives malformed arguments back twice, then forbids tools", async () => {
  const script = [malformed("echo"), malformed("echo"), say("Without, then.")];

  const { composed, model } = await ask(script, { tools: [readEcho] });

  expect(composed.text).toBe("Without, then.");
  expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(["auto", "auto", "none"]);
});

const interrupted = (effect: Tool["effect"]): readonly Step[] => [
  {
    seq: 0,
    kind: "model",
    name: "script",
    effect: "read",
    input: {},
    result: {
      text: "",
      calls: [{ id: "call-0", name: "echo", input: { text: "x" }, problem: null }],
      stop: "tool-calls",
      replay: null,
      cost: { provider: "script", model: "script-1", usage: ZERO },
    },
  },
  { seq: 1, kind: "tool", name: "echo", effect, input: { text: "x" }, result: null },
];

const ZERO = {
  inputTokens: 1,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 1,
  costUsd: 0,
  estimated: false,
};

test("compose() never repeats a write that a crash interrupted, and says so", async () => {
  const ran: string[] = [];
  const write = echo("outside", async (text) => {
    ran.push(text);
    return { text };
  });

  const { model } = await ask([say("It may have happened.")], {
    tools: [write],
    earlier: interrupted("outside"),
  });

  expect(ran).toEqual([]);
  expect(lastAnswers(model.requests[0])[0]?.text).toContain("not known whether this happened");
});

test("compose() repeats a read that a crash interrupted", async () => {
  const { model } = await ask([say("x it is.")], {
    tools: [readEcho],
    earlier: interrupted("read"),
  });

  expect(lastAnswers(model.requests[0])).toMatchObject([{ text: "x", isError: false }]);
});

test("compose() does not ask again for an answer that was stored before a crash", async () => {
  const done = await ask([say("Stored.")]);

  const { composed, model } = await ask([], { earlier: [...done.steps.rows.values()] });

  expect(composed.text).toBe("Stored.");
  expect(model.requests).toEqual([]);
});

test("compose() shows again what was said before a crash", async () => {
  const done = await ask([sayAndCall("Let me see.", { text: "x" }), say("x it is.")], {
    tools: [readEcho],
  });
  const [first, second] = [...done.steps.rows.values()];

  const { shown } = await ask([say("x it is.")], {
    tools: [readEcho],
    earlier: [first!, second!],
  });

  expect(shown).toEqual(["Let me see.", "Let me see.\n\nx it "]);
});

test("compose() asks once more after an empty answer, then says something", async () => {
  const { composed, model } = await ask([say(" "), say("")]);

  expect(composed).toMatchObject({ text: WORDS.nothing, detail: "empty" });
  expect(model.requests).toHaveLength(2);
});

test("compose() says in its own words that the model refused", async () => {
  const { composed } = await ask([stopping("refusal")]);

  expect(composed).toMatchObject({ text: WORDS.refused, detail: "refused" });
});

test("compose() marks an answer that reached the length limit", async () => {
  const { composed } = await ask([stopping("max-tokens", "So far")]);

  expect(composed.text).toBe(`So far\n\n${WORDS.cutShort}`);
});

test("compose() replaces shown words when the stream breaks, and never doubles them", async () => {
  const { composed, shown } = await ask([
    failing("broken-stream", "Once upon"),
    say("Once upon a time."),
  ]);

  expect(composed.text).toBe("Once upon a time.");
  expect(shown).toEqual(["Once ", "Once upon a "]);
});

test("compose() tells a failure in clean words, never the provider's", async () => {
  const { composed } = await ask([failing("overloaded")]);

  expect(composed.detail).toBe("model:overloaded");
  expect(composed.text).toMatch(/^-# ⚠️ .*try again/);
  expect(composed.text).not.toContain("scripted");
});

test("compose() adds up what a turn cost", async () => {
  const { composed } = await ask([call(["echo", { text: "x" }]), say("Done.")], {
    tools: [readEcho],
  });

  expect(composed.spent).toMatchObject({ costUsd: 0.002, inputTokens: 20, outputTokens: 10 });
});

/** Words, and then a call of the tool. */
const sayAndCall = (words: string, input: JsonObject): ScriptLine => {
  const { events, ...rest } = call(["echo", input]);
  return { ...rest, events: events.toSpliced(1, 0, { type: "text-delta", text: words }) };
};

const usedUp = {
  limit: { holder: "person", unit: "usd", limit: 1 },
  resetsInMs: 3_600_000,
} as const;

test("compose() makes no call when the budget is used up", async () => {
  const budgets = { ...noBudgets, book: async () => usedUp };

  const { composed, model } = await ask([], { budgets });

  expect(model.requests).toEqual([]);
  expect(composed).toMatchObject({ detail: "over-budget", answer: null });
  expect(composed.text).toContain("limit of $1.00 for today. It starts anew in 1 h 0 min.");
});

test("compose() ends with what was said when the budget is used up in the middle", async () => {
  let calls = 0;
  const budgets = { ...noBudgets, book: async () => (++calls > 1 ? usedUp : null) };
  const script = [sayAndCall("Let me see.", { text: "x" })];

  const { composed } = await ask(script, { budgets, tools: [readEcho] });

  expect(composed.text).toMatch(/^Let me see\.\n\n-# 💛/);
  expect(composed.answer).toBe("Let me see.");
});

test("compose() ends with what was said when the model fails in the middle", async () => {
  const script = [sayAndCall("Let me see.", { text: "x" }), failing("overloaded")];

  const { composed } = await ask(script, { tools: [readEcho] });

  expect(composed).toMatchObject({ answer: "Let me see.", detail: "model:overloaded" });
});

test("compose() ends after the last step it may take, and keeps no remark", async () => {
  const script = [call(["echo", { text: "1" }]), sayAndCall("And two.", { text: "2" })];

  const { composed, model } = await ask(script, { tools: [readEcho], maxSteps: 2 });

  expect(composed).toMatchObject({
    detail: "out-of-steps",
    text: `And two.\n\n${WORDS.outOfSteps}`,
    answer: "And two.",
  });
  expect(model.requests.at(-1)?.toolChoice).toBe("none");
});

test("compose() goes on as long as a turn may cost, whatever a call without a price costs", async () => {
  const priceless = (line: ScriptLine): ScriptLine => ({
    ...line,
    events: line.events.map((event) =>
      event.type === "end" ? { ...event, usage: { ...event.usage, costUsd: null } } : event,
    ),
  });
  const calls = [1, 2, 3].map((n) => priceless(call(["echo", { text: String(n) }])));

  const { composed, model } = await ask(calls, { tools: [readEcho], maxTurnUsd: 0.003 });

  expect(model.requests.length).toBe(2);
  expect(composed).toMatchObject({ detail: "out-of-steps", spent: { costUsd: null } });
});

test("compose() begins no step after an interruption", async () => {
  const stop = new AbortController();
  const reason = new Error("a person said stop");
  stop.abort(reason);
  let booked = 0;
  const book = async () => {
    booked++;
    return null;
  };

  const asking = ask([say("never")], { signal: stop.signal, budgets: { ...noBudgets, book } });

  await expect(asking).rejects.toBe(reason);
  expect(booked).toBe(0);
});

test("with too many tools the model is told a few, finds one, and calls it in the same turn, also after a crash", async () => {
  const many = Array.from({ length: 120 }, (_, index): Tool => ({
    ...readEcho,
    name: `other_${index}`,
    description:
      "Something that is of no use to anybody here, described at some length all the same.",
  }));
  const send = { ...readEcho, name: "send_mail", description: "Sends an e-mail." };
  const script = [
    call(["find_tools", { query: "E-Mail schicken" }]),
    call(["send_mail", { text: "hi" }]),
    say("Out."),
  ];

  const first = await ask(script, { tools: [...many, send] });
  const earlier = [...first.steps.rows.values()].slice(0, 2);
  const again = await ask(script.slice(1), { tools: [...many, send], earlier });

  const toldOf = ({ tools }: ModelRequest) => tools.map(({ name }) => name);
  expect(toldOf(first.model.requests[0]!)).not.toContain("send_mail");
  expect(toldOf(first.model.requests[1]!)).toContain("send_mail");
  expect(toldOf(again.model.requests[0]!)).toContain("send_mail");
  expect([first.composed.detail, again.composed.detail]).toEqual(["answered", "answered"]);
  // For a provider that loads tools by name: the same in every step, and the answer says which one was found.
  const [one, two] = first.model.requests;
  expect(one?.later?.map(({ name }) => name)).toContain("send_mail");
  expect(two?.later).toEqual(one?.later);
  expect(two?.messages.at(-1)).toMatchObject({ role: "tool", answers: [{ found: ["send_mail"] }] });
});

import { expect, test } from "vitest";
import { z } from "zod";
import { createMemorySteps } from "../../test/memory-steps.ts";
import { call, failing, say, scriptedModel } from "../../test/scripted-model.ts";
import { freePolicy } from "../../test/memory-policy.ts";
import { contextOptions, limits, noBudgets, plainOutgoing } from "../../test/turn-deps.ts";
import { turnOf } from "../../test/turns.ts";
import { systemClock } from "../core/clock.ts";
import { noFault } from "../core/fault.ts";
import { messageId } from "../core/ids.ts";
import { silentLog } from "../core/log.ts";
import type { Model, ModelMessage, ModelRequest } from "../core/model.ts";
import type { Transcript } from "../core/stores.ts";
import { defineTool } from "../core/tool.ts";
import { compose } from "./compose.ts";
import { openPrompt } from "./prompt.ts";

const turn = turnOf();
const forEver = new AbortController().signal;

const line = (id: string, text: string) => ({
  id: messageId(id),
  role: "person" as const,
  authorId: turn.scope.principal.userId,
  authorName: "ana",
  text,
  replyTo: null,
  attachments: [],
  sentAt: new Date("2026-11-24T12:00:00Z"),
});

/** A conversation of so many lines before the question, 4,000 characters each. */
const transcriptOf = (length: number): Transcript => ({
  recent: async () => [
    ...Array.from({ length }, (_, n) => line(`discord:0${n}`, `line ${n} ${"x".repeat(4_000)}`)),
    line(turn.triggerId, "What now?"),
  ],
  chain: async () => [],
  search: async () => [],
  summary: async () => null,
  saveSummary: async () => {},
});

const depsFor = (lines: number, maxContextTokens = 10_000) => ({
  transcript: transcriptOf(lines),
  policy: freePolicy(),
  toolSpecs: [],
  limits: { ...limits, maxContextTokens, maxToolResultChars: 50_000 },
  context: contextOptions,
  readAttachments: async () => [],
  clock: systemClock,
  log: silentLog,
});

const model = (contextTokens = 100_000): Model => ({ ...scriptedModel([]), contextTokens });

const calling = (id: string): ModelMessage => ({
  role: "assistant",
  text: "",
  calls: [{ id, name: "look", input: {}, problem: null }],
  replay: null,
});
const result = (callId: string, text: string): ModelMessage => ({
  role: "tool",
  answers: [{ callId, text, isError: false }],
});

const resultsIn = ({ messages }: ModelRequest) =>
  messages.flatMap((message) =>
    message.role === "tool" ? message.answers.map(({ text }) => text) : [],
  );
const linesIn = ({ messages }: ModelRequest) =>
  JSON.stringify(messages).match(/line \d+/g)?.length ?? 0;

test("a prompt is the conversation, and then what the turn did", async () => {
  const prompt = await openPrompt(depsFor(2), model(), turn, forEver);
  prompt.add(calling("a"));
  prompt.add(result("a", "seen"));

  const request = await prompt.request("auto", forEver);

  expect(request.messages.map(({ role }) => role)).toEqual(["user", "user", "assistant", "tool"]);
  expect(request).toMatchObject({ toolChoice: "auto", maxOutputTokens: 1_000 });
});

test("a prompt leaves half of a small window to the answer", async () => {
  const prompt = await openPrompt(depsFor(2), model(1_600), turn, forEver);

  const request = await prompt.request("auto", forEver);

  expect(request.maxOutputTokens).toBe(800);
  expect(linesIn(request)).toBe(0);
});

test("results that fill the window are shortened, the older ones to little more than a hint", async () => {
  const prompt = await openPrompt(depsFor(1), model(), turn, forEver);
  prompt.add(calling("a"));
  prompt.add(result("a", "a".repeat(30_000)));
  prompt.add(calling("b"));
  prompt.add(result("b", "b".repeat(30_000)));

  const request = await prompt.request("auto", forEver);

  expect(resultsIn(request)).toEqual([
    `${"a".repeat(200)}\n[cut: 29800 more characters. Ask for a smaller part.]`,
    `${"b".repeat(5_000)}\n[cut: 25000 more characters. Ask for a smaller part.]`,
  ]);
  expect(linesIn(request)).toBe(1);
});

test("results that fit stay whole", async () => {
  const prompt = await openPrompt(depsFor(1), model(), turn, forEver);
  prompt.add(calling("a"));
  prompt.add(result("a", "a".repeat(10_000)));

  expect(resultsIn(await prompt.request("auto", forEver))).toEqual(["a".repeat(10_000)]);
});

test("when short results are not enough, the conversation gives way", async () => {
  const prompt = await openPrompt(depsFor(6), model(), turn, forEver);
  const before = linesIn(await prompt.request("auto", forEver));
  for (let n = 0; n < 30; n++) {
    prompt.add(calling(`call-${n}`));
    prompt.add(result(`call-${n}`, "n".repeat(600)));
  }

  const after = linesIn(await prompt.request("auto", forEver));

  expect([before, after]).toEqual([6, 2]);
});

test("a prompt that cannot be smaller says so", async () => {
  const prompt = await openPrompt(depsFor(0), model(), turn, forEver);

  expect(await prompt.shrink()).toBe(false);
});

test("what tools gave becomes shorter each time that the model finds it too long", async () => {
  const prompt = await openPrompt(depsFor(2), model(), turn, forEver);
  const lengths = async () =>
    resultsIn(await prompt.request("auto", forEver)).map(({ length }) => length);
  const answers = [{ callId: "1", name: "look", text: "a".repeat(30_000), isError: false }];
  prompt.add({ role: "tool", answers });

  const first = await prompt.shrink();
  const [afterFirst = 0] = await lengths();
  const second = await prompt.shrink();
  const [afterSecond = 0] = await lengths();

  expect([first, second]).toEqual([true, true]);
  expect(afterFirst).toBeLessThan(30_000);
  expect(afterSecond).toBeLessThan(afterFirst * 0.6);
});

test("what the model finds too long after tools were used is asked for once more, with less", async () => {
  const look = defineTool({
    name: "look",
    description: "Looks.",
    label: "Looking",
    effect: "read",
    timeoutMs: 1_000,
    input: z.object({ at: z.string() }),
    run: async ({ at }) => ({ text: at.repeat(3_000) }),
  });
  const script = scriptedModel([
    call(["look", { at: "a" }]),
    call(["look", { at: "b" }]),
    failing("context-too-long"),
    say("I have seen it."),
  ]);
  const steps = createMemorySteps();
  const deps = {
    ...depsFor(2),
    steps,
    budgets: noBudgets,
    tools: [look],
    fault: noFault,
    outgoing: plainOutgoing,
    log: silentLog,
  };
  const stage = { onText: () => {}, watch: () => {} };

  const composed = await compose(deps, script, turn, [], stage, forEver);

  const [, , tooLong, smaller] = script.requests;
  expect(composed.text).toBe("I have seen it.");
  expect(resultsIn(tooLong!).map(({ length }) => length)).toEqual([3_000, 3_000]);
  expect(resultsIn(smaller!).map(({ length }) => length)).toEqual([253, 3_000]);
  // One and the same step: after a crash the answer is found where it belongs.
  expect([...steps.rows.keys()]).toEqual([0, 1, 2, 3, 4]);
});

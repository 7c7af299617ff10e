import { expect, test } from "vitest";
import {
  ask,
  callsOf,
  collect,
  collectUntilFailure,
  currentTime,
  endOf,
  textOf,
} from "../../../test/llm/requests.ts";
import { turnOf } from "../../../test/turns.ts";
import { gatherContext } from "../../agent/context.ts";
import { systemClock } from "../../core/clock.ts";
import { messageId } from "../../core/ids.ts";
import type { TranscriptMessage } from "../../core/message.ts";
import type { ModelRequest, ToolSpec } from "../../core/model.ts";
import { sleep } from "../sleep.ts";
import { createDemoModel } from "./index.ts";

const model = createDemoModel({ delayMs: 0, sleep, createId: () => "call-1" });
const search: ToolSpec = { ...currentTime, name: "search_conversation" };

const line = (
  id: number,
  author: string,
  text: string,
  replyTo: number | null = null,
): TranscriptMessage => ({
  id: messageId(`discord:${id}`),
  role: author === "clara" ? "clara" : "person",
  authorId: `discord:${author}`,
  authorName: author,
  text,
  replyTo: replyTo === null ? null : messageId(`discord:${replyTo}`),
  attachments: [],
  sentAt: new Date(`2026-11-24T12:0${id}:00Z`),
});

/** The request that the turn really makes of a conversation; its last line is the question. */
async function requestOf(...lines: readonly TranscriptMessage[]): Promise<ModelRequest> {
  const question = lines.at(-1);
  const context = await gatherContext(
    {
      transcript: {
        recent: async () => lines,
        chain: async (_scope, id) => [line(9, "carl", `my name is Quoted\nand on (${id})`)],
        search: async () => [],
        summary: async () => null,
        saveSummary: async () => {},
      },
      clock: systemClock,
    },
    {
      botName: "Clara",
      persona: "You are {name}.",
      timeZone: "UTC",
      historyLimit: 50,
      dmHistoryLimit: 50,
      maxChars: 100_000,
    },
    turnOf(question ? { triggerId: question.id } : {}),
    50_000,
  );
  return ask("", { ...context, tools: [currentTime, search] });
}

const answerTo = async (...lines: readonly TranscriptMessage[]) =>
  textOf(await collect(model.stream(await requestOf(...lines))));

test("the demo answers what the person said, without the notes and labels around it", async () => {
  expect(await answerTo(line(1, "ana", "hello there"))).toMatch(
    /^You said "hello there"\. I am only a demo/,
  );
});

test("the demo answers a question of several lines", async () => {
  expect(await answerTo(line(1, "ana", "hello\nthere"))).toMatch(/^You said "hello\nthere"/);
});

test("the demo says of every short answer that it comes from a demo", async () => {
  expect(await answerTo(line(1, "ana", "my name is Ana"))).toBe(
    "Nice to meet you, Ana.\n-# demo model",
  );
});

test("the demo recalls a name from earlier in the conversation", async () => {
  expect(
    await answerTo(
      line(1, "ana", "my name is Ana"),
      line(2, "clara", "Nice to meet you, Ana."),
      line(3, "ana", "what is my name?"),
    ),
  ).toContain("Your name is Ana.");
});

test("the demo keeps the names of several people apart", async () => {
  const before = [
    line(1, "ana", "hi all\nmy name is Ana"),
    line(2, "ben", "my name is Ben"),
    line(3, "clara", "Nice to meet you, Ben."),
  ];

  expect(await answerTo(...before, line(4, "ana", "what is my name"))).toContain("is Ana.");
  expect(await answerTo(...before, line(4, "ben", "what is my name"))).toContain("is Ben.");
  expect(await answerTo(...before, line(4, "carl", "what is my name"))).toContain(
    "You have not told me your name.",
  );
});

test("the demo does not take a quotation for the question", async () => {
  expect(await answerTo(line(1, "ana", "what is my name", 7))).toContain(
    "You have not told me your name.",
  );
});

test("the demo knows a name that Clara was told about the person", async () => {
  const request = await requestOf(line(1, "ana", "what is my name"));
  const system = [{ text: "About Ana: their name is Anastasia.", stable: true }];

  expect(textOf(await collect(model.stream({ ...request, system })))).toContain("is Anastasia.");
});

test("the demo remembers what one was told to remember, for that person", async () => {
  const before = [
    line(1, "ana", "remember that I like tea."),
    line(2, "ben", "remember that I like coffee."),
  ];

  expect(await answerTo(...before, line(3, "ana", "what do you remember?"))).toContain(
    "You told me that I like tea.",
  );
});

test("the demo searches with the words that the tool wants", async () => {
  const events = await collect(
    model.stream(await requestOf(line(1, "ana", "search for black cats [demo:slow]"))),
  );

  expect(callsOf(events)).toEqual([
    { id: "call-1", name: "search_conversation", input: { words: "black cats" }, problem: null },
  ]);
  expect(endOf(events).stop).toBe("tool-calls");
});

test("the demo looks at the clock when it has one, and says so when it has none", async () => {
  const request = await requestOf(line(1, "ana", "what time is it?"));

  expect(callsOf(await collect(model.stream(request)))).toMatchObject([{ name: "current_time" }]);
  expect(textOf(await collect(model.stream({ ...request, tools: [] })))).toContain(
    "nobody gave me a clock",
  );
});

test("the demo reads a tool's answer out", async () => {
  const request = await requestOf(line(1, "ana", "what time is it?"));
  const answers = [{ callId: "call-1", text: "noon", isError: false }];

  const events = await collect(
    model.stream({ ...request, messages: [...request.messages, { role: "tool", answers }] }),
  );

  expect(textOf(events)).toBe("The tool says: noon\n-# demo model");
});

test.each([
  ["count to 3", "1\n2\n3"],
  ["write 3 words", "The quick brown."],
])("the demo does as told: %s", async (asked, answer) => {
  expect(await answerTo(line(1, "ana", asked))).toBe(answer);
});

test("the demo counts no further than 5,000", async () => {
  const answer = await answerTo(line(1, "ana", "count to 999999999"));

  expect(answer.split("\n")).toHaveLength(5_000);
});

test("the demo gives the same answer to the same request, at no cost", async () => {
  const request = await requestOf(line(1, "ana", "write 200 words"));

  const once = await collect(model.stream(request));

  expect(await collect(model.stream(request))).toEqual(once);
  expect(endOf(once).usage).toMatchObject({ costUsd: 0, estimated: true });
});

test("the demo sums a conversation up by its lines", async () => {
  const asked = "Summary so far:\n(none yet)\n\nLines:\n[Ana (p1) 2026-11-24T12:00] I like tea.";

  expect(textOf(await collect(model.stream(ask(asked))))).toBe(
    "(none yet)\n[Ana (p1) 2026-11-24T12:00] I like tea.",
  );
});

test.each([
  "overloaded",
  "rate-limited",
  "timeout",
  "network",
  "auth",
  "no-credit",
  "not-found",
  "context-too-long",
  "bad-request",
  "unknown",
])("the demo fails before the first word on [demo:%s]", async (kind) => {
  const request = await requestOf(line(1, "ana", `hello [demo:${kind}]`));

  const { before, error } = await collectUntilFailure(model.stream(request));

  expect(before).toEqual([]);
  expect(error).toMatchObject({ name: "ModelError", kind, provider: "demo" });
});

test("the demo breaks off in the middle on [demo:broken]", async () => {
  const request = await requestOf(line(1, "ana", "count to 30 [demo:broken]"));

  const { before, error } = await collectUntilFailure(model.stream(request));

  expect(textOf(before)).toMatch(/^1\n2\n3\n/);
  expect(error).toMatchObject({ kind: "broken-stream" });
});

test("the demo says nothing on [demo:empty]", async () => {
  expect(await answerTo(line(1, "ana", "hello [demo:empty]"))).toBe("");
});

test("the demo calls a tool with unreadable arguments on [demo:bad-arguments]", async () => {
  const request = await requestOf(line(1, "ana", "search cats [demo:bad-arguments]"));

  expect(callsOf(await collect(model.stream(request)))).toMatchObject([
    { input: {}, problem: expect.stringContaining("not valid JSON") },
  ]);
});

test("the demo takes its time on [demo:slow]", async () => {
  const pauses: number[] = [];
  const slow = createDemoModel({
    delayMs: 5,
    sleep: async (ms) => void pauses.push(ms),
    createId: () => "call-1",
  });

  await collect(slow.stream(await requestOf(line(1, "ana", "hello [demo:slow]"))));
  await collect(slow.stream(await requestOf(line(1, "ana", "my name is Ana"))));

  expect(pauses[0]).toBe(500);
  expect(pauses.at(-1)).toBe(5);
});

test("the demo minds only the sentinels of the question", async () => {
  const answer = await answerTo(line(1, "ana", "[demo:auth]"), line(2, "ben", "my name is Ben"));

  expect(answer).toContain("Nice to meet you, Ben.");
});

import { randomUUIDv7 } from "node:crypto";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { openTestHouse } from "../../test/open-test-house.ts";
import { call, failing, say, scriptedModel, slowly } from "../../test/scripted-model.ts";
import { systemClock } from "../core/clock.ts";
import type { Model } from "../core/model.ts";
import type { Inbox } from "../core/stores.ts";
import { defineTool, type Tool } from "../core/tool.ts";
import { parseTierPrefix } from "../llm/tier-prefix.ts";
import { createTerminal } from "./index.ts";

const ponder = defineTool({
  name: "ponder",
  description: "",
  label: "Thinking it over",
  effect: "read",
  timeoutMs: 1_000,
  input: z.object({}),
  run: async () => ({ text: "42" }),
});

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

interface Situation {
  readonly isTTY?: boolean;
  readonly tools?: readonly Tool[];
}

/** A terminal, or a pipe, around a real house. */
async function open(model: Model, { isTTY = false, tools = [] }: Situation = {}) {
  await using opening = new AsyncDisposableStack();
  const house = opening.use(await openTestHouse(model, tools));
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough({ encoding: "utf8" }), {
    isTTY,
    columns: 60,
    rows: 20,
  });
  const asked: Parameters<Inbox["accept"]>[] = [];
  const inbox = {
    accept: (...args: Parameters<Inbox["accept"]>) => {
      asked.push(args);
      return house.inbox.accept(...args);
    },
  };
  const edges = { input, output, inbox, clock: systemClock, createId: randomUUIDv7 };
  const deps = { ...house, ...edges, readTier: parseTierPrefix };
  const terminal = createTerminal(deps, { botName: "Clara", version: "1.2.3" });

  let written = "";
  output.on("data", (text: string) => {
    written += text;
  });
  const stop = new AbortController();
  const running = terminal.run(stop.signal);
  const all = opening.move();
  return {
    type: (text: string) => input.write(text),
    endInput: () => input.end(),
    output,
    /** Everything that was written so far, without what only moves or colours. */
    written: () => stripVTControlCharacters(written),
    raw: () => written,
    /** Resolves when the words have been written, from `after` on. */
    async seen(words: string, after = 0) {
      while (!stripVTControlCharacters(written).slice(after).includes(words))
        await new Promise((resolve) => output.once("data", resolve));
      return stripVTControlCharacters(written).length;
    },
    asked,
    running,
    stop,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await all.disposeAsync();
    },
  };
}

const long = (count: number) =>
  slowly(10, say(...Array.from({ length: count }, (_, index) => `Sentence ${index}. `)));

test("through a pipe, each line is a question and only the final words come out", async () => {
  const model = scriptedModel([call(["ponder", {}]), say("It is **42**."), say("Yes.")]);
  await using chat = await open(model, { tools: [ponder] });

  chat.type("What is it?\n\n!low Really?\n");
  chat.endInput();
  await chat.running;

  expect(chat.raw()).toBe("It is **42**.\nYes.\n");
  expect(chat.asked.map(([, { text }]) => text)).toEqual(["What is it?", "Really?"]);
  expect(chat.asked.map(([, , { tier }]) => tier)).toEqual([null, "low"]);
});

test("through a pipe, the last answer is waited for after the input has ended", async () => {
  await using chat = await open(scriptedModel([long(20)]));

  chat.type("Tell me.");
  chat.endInput();
  await chat.running;

  expect(chat.raw()).toContain("Sentence 19.");
});

test("through a pipe, what a model says reaches no terminal as a command", async () => {
  await using chat = await open(scriptedModel([say("\u001b]0;owned\u0007\u202eok")]));

  chat.type("Hi\n");
  chat.endInput();
  await chat.running;

  expect(chat.raw()).toBe("]0;owned�ok\n");
});

test("through a pipe, a line that asks nothing is answered with what to do", async () => {
  await using chat = await open(scriptedModel([]));

  chat.type(`!high\n${"x".repeat(16_001)}\n`);
  chat.endInput();
  await chat.running;

  expect(chat.raw()).toBe(
    "Write your question after the choice of a model.\nAt most 16000 characters, please.\n",
  );
});

test("a reader that goes away ends the chat", async () => {
  await using chat = await open(scriptedModel([long(500)]));

  chat.type("Tell me.\n");
  chat.output.destroy(new Error("EPIPE"));

  await expect(chat.running).resolves.toBeUndefined();
});

test("the signal ends the chat in the middle of an answer", async () => {
  await using chat = await open(scriptedModel([long(500)]), { isTTY: true });
  chat.type("Tell me.\r");
  await chat.seen("Sentence 2.");

  chat.stop.abort();

  await expect(chat.running).resolves.toBeUndefined();
});

test("a person asks for the person at this machine, in private", async () => {
  await using chat = await open(scriptedModel([say("Hi.")]));

  chat.type("Hello?\n");
  chat.endInput();
  await chat.running;

  const [[scope, message] = []] = chat.asked;
  expect(scope).toMatchObject({
    principal: { platform: "terminal", userId: "terminal:local" },
    audience: { kind: "private", userId: "terminal:local" },
  });
  expect(message?.conversation).toMatchObject({ platform: "terminal", kind: "local" });
});

test("at a terminal an answer grows, with its tools and what it cost in small print", async () => {
  const model = scriptedModel([call(["ponder", {}]), say("It is ", "42.\n-# Really.")]);
  await using chat = await open(model, { isTTY: true, tools: [ponder] });

  await chat.seen("Clara 1.2.3. Write to her");
  chat.type("What is it?\r");
  const answered = await chat.seen("script-1 · 20 tokens in, 10 out · $0.002 · ");
  await chat.seen("› ", answered);

  expect(chat.written()).toContain("› What is it?");
  expect(chat.written()).toMatch(/It is 42\.\nReally\.\nThinking it over \(\d+ ms\)\n/);
  chat.type("/quit\r");
  await chat.running;
});

test("at a terminal a failure is a sentence, and the chat goes on", async () => {
  await using chat = await open(scriptedModel([failing("overloaded"), say("Now I am.")]), {
    isTTY: true,
  });

  chat.type("Are you there?\r");
  await chat.seen("is not reachable right now");
  chat.type("And now?\r");

  await chat.seen("Now I am.");
  expect(chat.written()).not.toContain("scripted");
});

test("Ctrl-C stops the answer and stays; Ctrl-C again leaves", async () => {
  await using chat = await open(scriptedModel([long(500)]), { isTTY: true });
  chat.type("Tell me all.\r");
  await chat.seen("Sentence 2.");

  chat.type(CTRL_C);
  const stopped = await chat.seen("Stopped.");
  await chat.seen("› ", stopped);
  chat.type(CTRL_C);
  await chat.running;

  expect(chat.written()).not.toContain("Sentence 400.");
});

test("Ctrl-C twice leaves though the answer still runs", async () => {
  await using chat = await open(scriptedModel([long(500)]), { isTTY: true });
  chat.type("Tell me all.\r");
  await chat.seen("Sentence 2.");

  chat.type(CTRL_C + CTRL_C);

  await expect(chat.running).resolves.toBeUndefined();
});

test("Ctrl-D leaves", async () => {
  await using chat = await open(scriptedModel([]), { isTTY: true });
  await chat.seen("› ");

  chat.type(CTRL_D);

  await expect(chat.running).resolves.toBeUndefined();
});

test("/stop stops the answer, and what was typed ahead is asked after it", async () => {
  const model = scriptedModel([long(500), say("Two."), say("Three.")]);
  await using chat = await open(model, { isTTY: true });
  chat.type("Tell me all.\r");
  await chat.seen("Sentence 2.");

  chat.type("Second?\r");
  chat.type("/stop\r");
  const stopped = await chat.seen("Stopped.");
  await chat.seen("› Second?", stopped);
  const second = await chat.seen("Two.", stopped);
  await chat.seen("› ", second);
  chat.type("Third?\r");
  await chat.seen("Three.");

  expect(chat.asked.map(([, { text }]) => text)).toEqual(["Tell me all.", "Second?", "Third?"]);
  expect(chat.written().split("Third?")).toHaveLength(2);
  expect(chat.asked[0]?.[1].conversation.id).toBe(chat.asked[1]?.[1].conversation.id);
});

test("/new begins another conversation, and /help says what else there is", async () => {
  await using chat = await open(scriptedModel([say("One."), say("Two.")]), { isTTY: true });

  chat.type("First?\r");
  await chat.seen("One.");
  chat.type("/new\r");
  await chat.seen("A new conversation.");
  chat.type("/help\r");
  await chat.seen("/quit  leave");
  chat.type("Second?\r");
  await chat.seen("Two.");

  const [first, second] = chat.asked.map(([, { conversation }]) => conversation.id);
  expect(first).toMatch(/^terminal:/);
  expect(second).not.toBe(first);
});

test("through a pipe, a call waits until it is approved, is made once, and what came of it is told", async () => {
  const sent: string[] = [];
  const send = defineTool({
    name: "send",
    description: "",
    label: "Sending",
    effect: "outside",
    timeoutMs: 1_000,
    input: z.object({ to: z.string() }),
    explain: ({ to }) => ({ what: "Send a letter", target: to, reversible: false }),
    run: async ({ to }) => ({ text: `Sent ${sent.push(to)}.` }),
  });
  const model = scriptedModel([
    call(["send", { to: "bob" }]),
    say("It waits."),
    say("It is out."),
    call(["send", { to: "eve" }]),
    say("It waits, too."),
    say("Then not."),
  ]);
  await using chat = await open(model, { tools: [send] });

  chat.type("Send it\n/approve\n/approve\nAnd to eve\n/deny\n");
  chat.endInput();
  await chat.running;

  expect(chat.written()).toMatch(
    /It waits\.\n\n🔐 \*\*Send a letter\*\*\nTo: `bob`[^]*Write `\/approve [0-9a-f]{16}`[^]*It is out\.\nNothing of that name/,
  );
  expect(chat.written()).toContain("Then not.");
  expect(sent).toEqual(["bob"]);
  expect(JSON.stringify(model.requests[2]?.messages)).toContain("Sent 1.");
  expect(JSON.stringify(model.requests[5]?.messages)).toContain("❌ Denied: Send a letter (eve)");
});

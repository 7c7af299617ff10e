import { expect, test } from "vitest";
import {
  ask,
  callsOf,
  collect,
  collectUntilFailure,
  endOf,
  play,
  textOf,
} from "../../../test/llm/requests.ts";
import { loadPrices, priceOf } from "../prices.ts";
import { decode } from "./decode.ts";

const loaded = loadPrices();
const price = loaded.kind === "loaded" ? priceOf(loaded.prices, "gpt-6-sol") : null;

const options = {
  request: ask("hello"),
  provider: "openai",
  model: "gpt-6-sol",
  price,
  createId: () => "new-id",
};

const delta = (content: unknown, rest: object = {}) => ({
  id: "chatcmpl-1",
  model: "gpt-6-sol-2026-09-22",
  choices: [{ index: 0, delta: content, finish_reason: null }],
  ...rest,
});
const say = (...words: readonly string[]) => words.map((content) => delta({ content }));
const call = (tool: object) => delta({ tool_calls: [tool] });
const finish = (reason: string) => ({
  id: "chatcmpl-1",
  choices: [{ index: 0, delta: {}, finish_reason: reason }],
});
const counted = (usage: unknown) => ({ id: "chatcmpl-1", choices: [], usage });

const read = (...chunks: readonly unknown[]) => collect(decode(play(chunks), options));
const fail = (...chunks: readonly unknown[]) => collectUntilFailure(decode(play(chunks), options));

test("decode() tells which model answers, the words, and how it ended", async () => {
  const usage = { prompt_tokens: 10, completion_tokens: 5 };

  expect(await read(...say("Hello ", "there."), finish("stop"), counted(usage))).toEqual([
    { type: "start", provider: "openai", model: "gpt-6-sol-2026-09-22" },
    { type: "text-delta", text: "Hello " },
    { type: "text-delta", text: "there." },
    {
      type: "end",
      stop: "end",
      usage: {
        inputTokens: 10,
        cachedInputTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 5,
        costUsd: (10 * 2 + 5 * 10) / 1_000_000,
        estimated: false,
      },
      replay: null,
    },
  ]);
});

test.each([
  ["stop", "end"],
  ["eos", "end"],
  ["tool_calls", "end"],
  ["length", "max-tokens"],
  ["content_filter", "refusal"],
  ["something_new", "unknown"],
])("decode() maps the finish reason %s to %s", async (reason, expected) => {
  expect(endOf(await read(...say("So."), finish(reason))).stop).toBe(expected);
});

test("decode() takes OpenRouter's finish reason `error` for a broken stream", async () => {
  const { before, error } = await fail(...say("Once upon"), finish("error"));

  expect(textOf(before)).toBe("Once upon");
  expect(error).toBeInstanceOf(SyntaxError);
});

test("decode() puts parallel calls together", async () => {
  const events = await read(
    call({ index: 0, id: "a", function: { name: "search", arguments: '{"words":' } }),
    call({ index: 1, id: "b", function: { name: "time", arguments: "" } }),
    call({ index: 0, function: { arguments: '"cats"}' } }),
    finish("tool_calls"),
  );

  expect(callsOf(events)).toEqual([
    { id: "a", name: "search", input: { words: "cats" }, problem: null },
    { id: "b", name: "time", input: {}, problem: null },
  ]);
  expect(endOf(events).stop).toBe("tool-calls");
});

test("decode() takes a call with text and the reason stop for a call all the same", async () => {
  const events = await read(
    ...say("Looking."),
    call({ index: 0, id: "a", function: { name: "time", arguments: "{}" } }),
    finish("stop"),
  );

  expect(textOf(events)).toBe("Looking.");
  expect(endOf(events).stop).toBe("tool-calls");
});

test.each([
  ["reasoning", { reasoning: "Hm." }],
  ["reasoning_content", { reasoning_content: "Hm." }],
  ["both with the same words", { reasoning: "Hm.", reasoning_content: "Hm." }],
  ["<think> in the text", { content: "<think>Hm.</think>" }],
])("decode() keeps thoughts apart that come as %s", async (_, thought) => {
  const events = await read(delta(thought), ...say("Hello."), finish("stop"));

  expect(textOf(events)).toBe("Hello.");
  expect(events).toContainEqual({ type: "reasoning-delta", text: "Hm." });
});

test("decode() strips template tokens, and keeps the rest of what it held back", async () => {
  const events = await read(...say("Is 1 <", "|im_end|>"), finish("stop"));
  const comparison = await read(...say("Is 1 ", "<"), finish("stop"));

  expect(textOf(events).trim()).toBe("Is 1");
  expect(textOf(comparison)).toBe("Is 1 <");
});

test("decode() reads text that comes in parts, and words of refusal", async () => {
  const events = await read(
    delta({
      content: [
        { type: "text", text: "Hello " },
        { type: "image", text: "no" },
      ],
    }),
    delta({ refusal: "I can't." }),
    finish("stop"),
  );

  expect(textOf(events)).toBe("Hello I can't.");
});

test("decode() believes what a provider counted as cached, and OpenRouter's own figure", async () => {
  const usage = {
    prompt_tokens: 1_000,
    completion_tokens: 5,
    prompt_tokens_details: { cached_tokens: 900, cache_write_tokens: 50 },
    cost: 0.0042,
  };

  expect(endOf(await read(...say("Hi."), finish("stop"), counted(usage))).usage).toEqual({
    inputTokens: 1_000,
    cachedInputTokens: 900,
    cacheWriteTokens: 50,
    outputTokens: 5,
    costUsd: 0.0042,
    estimated: false,
  });
});

test("decode() adds the bill of the provider behind OpenRouter when the key there is one's own", async () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 5,
    cost: 0.001,
    is_byok: true,
    cost_details: { upstream_inference_cost: 0.02 },
  };

  const { costUsd } = endOf(await read(...say("Hi."), finish("stop"), counted(usage))).usage;

  expect(costUsd).toBeCloseTo(0.021);
});

test.each([
  ["missing", null],
  ["negative", { prompt_tokens: -1, completion_tokens: 5 }],
  ["huge", { prompt_tokens: 1e12, completion_tokens: 5 }],
  ["words", { prompt_tokens: "many", completion_tokens: "more" }],
  ["no object", "lots"],
])("decode() estimates usage that is %s", async (_, usage) => {
  const events = await read(...say("Hello there."), finish("stop"), counted(usage));

  expect(endOf(events).usage).toMatchObject({ estimated: true });
  expect(endOf(events).usage.costUsd).toBeGreaterThan(0);
});

test("decode() does not end an answer that has no finish reason", async () => {
  const events = await read(...say("Once upon"));

  expect(events.at(-1)).toEqual({ type: "text-delta", text: "Once upon" });
});

test("decode() takes an answer without words for an end without words", async () => {
  const events = await read(delta({ content: "" }), finish("stop"));

  expect(events.map(({ type }) => type)).toEqual(["start", "end"]);
});

test("decode() refuses a chunk of another answer: it is somebody else's", async () => {
  const { before, error } = await fail(
    ...say("Hello"),
    { ...delta({ content: " secret" }), id: "chatcmpl-2" },
    finish("stop"),
  );

  expect(textOf(before)).toBe("Hello");
  expect(error).toBeInstanceOf(SyntaxError);
});

test.each([["a string"], [{ choices: "none" }], [delta({ content: 7 })], [null]])(
  "decode() refuses %o",
  async (chunk) => {
    const { error } = await fail(chunk);

    expect(error).toBeInstanceOf(SyntaxError);
  },
);

test("decode() keeps what OpenRouter wants back with the calls: thoughts joined, signatures kept", async () => {
  const thought = (change: object) =>
    delta({ reasoning_details: [{ type: "reasoning.text", index: 0, ...change }] });

  const events = await read(
    thought({ text: "She wants " }),
    thought({ text: "the time.", signature: null }),
    thought({ text: "", signature: "signed" }),
    delta({ reasoning_details: [{ type: "reasoning.encrypted", index: 1, data: "xyz" }] }),
    call({ index: 0, id: "a", function: { name: "time", arguments: "{}" } }),
    finish("tool_calls"),
  );

  expect(endOf(events).replay).toEqual({
    openai: {
      message: {
        reasoning_details: [
          { type: "reasoning.text", index: 0, text: "She wants the time.", signature: "signed" },
          { type: "reasoning.encrypted", index: 1, data: "xyz" },
        ],
      },
      extras: {},
    },
  });
});

test("decode() keeps what DeepSeek and Gemini want back with the calls", async () => {
  const extra = { google: { thought_signature: "signed" } };

  const events = await read(
    delta({ reasoning_content: "Hm, " }),
    delta({ reasoning_content: "so." }),
    call({ index: 0, function: { name: "time", arguments: "{}" }, extra_content: extra }),
    finish("tool_calls"),
  );

  expect(callsOf(events)).toMatchObject([{ id: "new-id" }]);
  expect(endOf(events).replay).toEqual({
    openai: { message: { reasoning_content: "Hm, so." }, extras: { "new-id": extra } },
  });
});

test("decode() keeps no thoughts when no tool is called", async () => {
  const events = await read(delta({ reasoning_content: "Hm." }), ...say("Hi."), finish("stop"));

  expect(endOf(events).replay).toBeNull();
});

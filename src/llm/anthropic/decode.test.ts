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
import { prefixOf } from "./prefix.ts";

const loaded = loadPrices();
const price = loaded.kind === "loaded" ? priceOf(loaded.prices, "claude-sonnet-5-5") : null;

const request = ask("hello");
const options = { request, model: "claude-sonnet-5-5", price, createId: () => "new-id" };

const start = (usage: unknown = { input_tokens: 10, output_tokens: 1 }, id = "msg_1") => ({
  type: "message_start",
  message: { id, model: "claude-sonnet-5-5-20260928", usage },
});

const block = (index: number, content: object, ...deltas: readonly object[]) => [
  { type: "content_block_start", index, content_block: content },
  ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
  { type: "content_block_stop", index },
];

const text = (index: number, ...words: readonly string[]) =>
  block(
    index,
    { type: "text", text: "" },
    ...words.map((word) => ({ type: "text_delta", text: word })),
  );

const thinking = (index: number, thoughts: string, signature: string) =>
  block(
    index,
    { type: "thinking", thinking: "", signature: "" },
    { type: "thinking_delta", thinking: thoughts },
    { type: "signature_delta", signature },
  );

const tool = (index: number, id: string, ...json: readonly string[]) =>
  block(
    index,
    { type: "tool_use", id, name: "search", input: {} },
    ...json.map((partial_json) => ({ type: "input_json_delta", partial_json })),
  );

const stop = (reason: string, usage: unknown = { output_tokens: 5 }) => [
  { type: "message_delta", delta: { stop_reason: reason }, usage },
  { type: "message_stop" },
];

const read = (...events: readonly unknown[]) => collect(decode(play(events), options));
const fail = (...events: readonly unknown[]) => collectUntilFailure(decode(play(events), options));

test("decode() tells which model answers, the words, and how it ended", async () => {
  expect(await read(start(), ...text(0, "Hello ", "there."), ...stop("end_turn"))).toEqual([
    { type: "start", provider: "anthropic", model: "claude-sonnet-5-5-20260928" },
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
  ["end_turn", "end"],
  ["stop_sequence", "end"],
  ["tool_use", "end"],
  ["max_tokens", "max-tokens"],
  ["model_context_window_exceeded", "max-tokens"],
  ["refusal", "refusal"],
  ["pause_turn", "paused"],
  ["something_new", "unknown"],
])("decode() maps the stop reason %s to %s", async (reason, expected) => {
  const events = await read(start(), ...text(0, "So."), ...stop(reason));

  expect(endOf(events).stop).toBe(expected);
});

test("decode() puts a call together from its pieces", async () => {
  const events = await read(
    start(),
    ...text(0, "Let me look."),
    ...tool(1, "toolu_1", "", '{"wor', 'ds":"ca', 'ts"}'),
    ...stop("tool_use"),
  );

  expect(textOf(events)).toBe("Let me look.");
  expect(callsOf(events)).toEqual([
    { id: "toolu_1", name: "search", input: { words: "cats" }, problem: null },
  ]);
  expect(endOf(events).stop).toBe("tool-calls");
});

test("decode() hands out parallel calls in order, each with an id of its own", async () => {
  const events = await read(
    start(),
    ...tool(0, "toolu_1", '{"words":"a"}'),
    ...tool(3, "toolu_1", '{"words":"b"}'),
    ...stop("tool_use"),
  );

  expect(callsOf(events)).toMatchObject([
    { id: "toolu_1", input: { words: "a" } },
    { id: "new-id", input: { words: "b" } },
  ]);
});

test("decode() takes arguments that come at once, as some proxies send them", async () => {
  const whole = { type: "tool_use", id: "toolu_1", name: "search", input: { words: "cats" } };

  const events = await read(start(), ...block(0, whole), ...stop("tool_use"));

  expect(callsOf(events)).toMatchObject([{ input: { words: "cats" } }]);
});

test("decode() takes a call with text and the reason end_turn for a call all the same", async () => {
  const events = await read(
    start(),
    ...text(0, "Looking."),
    ...tool(1, "toolu_1", "{}"),
    ...stop("end_turn"),
  );

  expect(endOf(events).stop).toBe("tool-calls");
});

test("decode() keeps thoughts apart from words", async () => {
  const events = await read(
    start(),
    ...thinking(0, "She greets me.", "sig"),
    ...text(1, "Hello."),
    ...stop("end_turn"),
  );

  expect(textOf(events)).toBe("Hello.");
  expect(events[1]).toEqual({ type: "reasoning-delta", text: "She greets me." });
  expect(endOf(events).replay).toBeNull();
});

test("decode() hands out signed thoughts for replay when tools are called", async () => {
  const events = await read(
    start(),
    ...thinking(0, "", "sig"),
    ...block(1, { type: "redacted_thinking", data: "secret" }),
    ...text(2, "Looking."),
    ...tool(3, "toolu_1", '{"words":"cats"}'),
    ...stop("tool_use"),
  );

  expect(endOf(events).replay).toEqual({
    anthropic: {
      prefix: prefixOf(request, 1),
      blocks: [
        { type: "thinking", thinking: "", signature: "sig" },
        { type: "redacted_thinking", data: "secret" },
        { type: "text", text: "Looking." },
        { type: "tool_use", id: "toolu_1" },
      ],
    },
  });
});

test("decode() counts cached input as input", async () => {
  const usage = {
    input_tokens: 10,
    cache_read_input_tokens: 900,
    cache_creation_input_tokens: 90,
    output_tokens: 1,
  };

  const events = await read(
    start(usage),
    ...text(0, "Hi."),
    ...stop("end_turn", { output_tokens: 5, input_tokens: null }),
  );

  expect(endOf(events).usage).toMatchObject({
    inputTokens: 1_000,
    cachedInputTokens: 900,
    cacheWriteTokens: 90,
    outputTokens: 5,
    estimated: false,
  });
});

test.each([
  ["missing", null, null],
  ["negative", { input_tokens: -10, output_tokens: 1 }, { output_tokens: 5 }],
  ["words", { input_tokens: "ten", output_tokens: 1 }, { output_tokens: 5 }],
])("decode() estimates usage that is %s", async (_, first, last) => {
  const events = await read(start(first), ...text(0, "Hello there."), ...stop("end_turn", last));

  expect(endOf(events).usage).toMatchObject({ estimated: true });
  expect(endOf(events).usage.costUsd).toBeGreaterThan(0);
});

test("decode() does not end an answer that has no stop reason", async () => {
  const events = await read(start(), ...text(0, "Once upon"));

  expect(events.at(-1)).toEqual({ type: "text-delta", text: "Once upon" });
});

test("decode() ends an answer whose stop reason came, also without message_stop", async () => {
  const [reason] = stop("end_turn");

  const events = await read(start(), ...text(0, "Hello."), reason);

  expect(endOf(events).stop).toBe("end");
});

test("decode() ignores events and blocks that it does not know", async () => {
  const events = await read(
    { type: "ping" },
    start(),
    { type: "weather_report", sunny: true },
    ...block(0, { type: "fancy_new_block", content: [] }),
    ...text(1, "Hello."),
    ...stop("end_turn"),
  );

  expect(textOf(events)).toBe("Hello.");
});

test("decode() begins with a start, also when message_start is missing", async () => {
  const events = await read(...text(0, "Hello."), ...stop("end_turn"));

  expect(events[0]).toEqual({ type: "start", provider: "anthropic", model: "claude-sonnet-5-5" });
});

test("decode() refuses a second answer on the same stream: it is somebody else's", async () => {
  const { before, error } = await fail(
    start(),
    ...text(0, "Hello"),
    start(undefined, "msg_2"),
    ...text(0, " secret"),
    ...stop("end_turn"),
  );

  expect(textOf(before)).toBe("Hello");
  expect(error).toBeInstanceOf(SyntaxError);
});

test.each([
  ["a delta without its block", [{ type: "content_block_delta", index: 7, delta: { type: "x" } }]],
  ["a block without an index", [{ type: "content_block_start", content_block: { type: "text" } }]],
  ["a message_delta without a delta", [{ type: "message_delta" }]],
])("decode() refuses %s", async (_, events) => {
  const { error } = await fail(start(), ...events);

  expect(error).toBeInstanceOf(SyntaxError);
});

import { describe, expect, test } from "vitest";
import { ask, currentTime } from "../../../test/llm/requests.ts";
import type { ModelMessage, ModelRequest } from "../../core/model.ts";
import { encode, type EncodeOptions } from "./encode.ts";
import { prefixOf } from "./prefix.ts";

const MARK = { cache_control: { type: "ephemeral" } };

const encoded = (request: ModelRequest, options: Partial<EncodeOptions> = {}) =>
  encode(request, {
    model: "claude-sonnet-5-5",
    maxOutputTokens: 4_096,
    thinking: null,
    effort: null,
    ...options,
  });

const user = (text: string): ModelMessage => ({ role: "user", content: [{ type: "text", text }] });
const call = { id: "toolu_1", name: "current_time", input: { zone: "UTC" }, problem: null };

test("encode() says no more than it must for a plain question", () => {
  expect(encoded(ask("hello", { system: [] }))).toEqual({
    model: "claude-sonnet-5-5",
    max_tokens: 4_096,
    stream: true,
    messages: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
  });
});

test("encode() marks the last tool, the last stable system text and the last stable message", () => {
  const request = ask("new", {
    system: [
      { text: "persona", stable: true },
      { text: "summary", stable: true },
      { text: "now", stable: false },
      { text: " ", stable: true },
    ],
    messages: [user("old"), user("older"), user("new")],
    lastStableMessage: 1,
    tools: [{ ...currentTime, name: "first" }, currentTime],
  });

  expect(encoded(request)).toMatchObject({
    system: [
      { type: "text", text: "persona" },
      { type: "text", text: "summary", ...MARK },
      { type: "text", text: "now" },
    ],
    messages: [
      { content: [{ text: "old" }] },
      { content: [{ text: "older", ...MARK }] },
      { content: [{ text: "new" }] },
    ],
    tools: [{ name: "first" }, { name: "current_time", ...MARK }],
  });
  expect(JSON.stringify(encoded(request)).match(/cache_control/g)).toHaveLength(3);
});

test("encode() hands tools over, and forbids them by tool_choice so that the cache stays good", () => {
  const request = ask("what time is it", { tools: [currentTime], toolChoice: "none" });

  expect(encoded(request)).toMatchObject({
    tool_choice: { type: "none" },
    tools: [
      {
        name: "current_time",
        description: "Tells the time.",
        input_schema: { type: "object", properties: {} },
      },
    ],
  });
});

test("encode() sends pictures", () => {
  const request = ask("", {
    messages: [
      { role: "user", content: [{ type: "image", mediaType: "image/png", data: "aGk=" }] },
    ],
  });

  expect(encoded(request).messages).toEqual([
    {
      role: "user",
      content: [
        { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
      ],
    },
  ]);
});

test("encode() leaves out what Anthropic refuses: empty messages and blocks of white space", () => {
  const request = ask("", {
    messages: [
      user("hello"),
      { role: "assistant", text: " \n", calls: [], replay: null },
      { role: "user", content: [{ type: "text", text: " " }] },
    ],
  });

  expect(encoded(request).messages).toEqual([
    { role: "user", content: [{ type: "text", text: "hello" }] },
  ]);
});

test("encode() gives calls and their answers back", () => {
  const request = ask("", {
    messages: [
      user("what time is it"),
      { role: "assistant", text: "Let me look.", calls: [call], replay: null },
      {
        role: "tool",
        answers: [
          { callId: "toolu_1", text: "noon", isError: false },
          { callId: "toolu_2", text: "", isError: true },
        ],
      },
    ],
  });

  expect(encoded(request).messages.slice(1)).toEqual([
    {
      role: "assistant",
      content: [
        { type: "text", text: "Let me look." },
        { type: "tool_use", id: "toolu_1", name: "current_time", input: { zone: "UTC" } },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "toolu_1", content: "noon", is_error: false },
        { type: "tool_result", tool_use_id: "toolu_2", content: "(no output)", is_error: true },
      ],
    },
  ]);
});

describe("signed thoughts", () => {
  const thought = { type: "thinking", thinking: "It is about time.", signature: "sig" };
  const question = [user("what time is it")];
  const base = ask("", { messages: question });

  const withReplay = (prefix: string, change: Partial<ModelRequest> = {}): ModelRequest => ({
    ...base,
    messages: [
      ...question,
      {
        role: "assistant",
        text: "Looking.",
        calls: [call, { ...call, id: "renamed" }],
        replay: {
          anthropic: {
            prefix,
            blocks: [
              thought,
              { type: "text", text: "Looking." },
              { type: "tool_use", id: "toolu_1" },
            ],
          },
        },
      },
    ],
    ...change,
  });

  const assistant = (request: ModelRequest, options?: Partial<EncodeOptions>) =>
    encoded(request, options).messages[1]?.content;

  test("come back unchanged and in their place, with every call of the message behind them", () => {
    expect(assistant(withReplay(prefixOf(base, 1)))).toMatchObject([
      thought,
      { type: "text", text: "Looking." },
      { type: "tool_use", id: "toolu_1", input: { zone: "UTC" } },
      { type: "tool_use", id: "renamed" },
    ]);
  });

  test("carry no cache mark", () => {
    const request = withReplay(prefixOf(base, 1), { lastStableMessage: 1 });

    expect(assistant(request)).toMatchObject([thought, {}, {}, { id: "renamed", ...MARK }]);
    expect(JSON.stringify(encoded(request).messages).match(/cache_control/g)).toHaveLength(1);
  });

  test.each([
    ["the notes before them", { messages: [user("(Now: 12:01)")] }],
    ["the system text", { system: [{ text: "Another persona.", stable: true }] }],
    ["the tools", { tools: [currentTime] }],
  ])("are left out when %s changed, as after a crash", (_, change) => {
    const before = { ...base, ...change };
    const request = withReplay(prefixOf(before, 1));

    expect(assistant(request)).toEqual([
      { type: "text", text: "Looking." },
      { type: "tool_use", id: "toolu_1", name: "current_time", input: { zone: "UTC" } },
      { type: "tool_use", id: "renamed", name: "current_time", input: { zone: "UTC" } },
    ]);
  });

  test("come back in any case to older models, which refuse a call without them", () => {
    const request = withReplay("of another time");

    expect(assistant(request, { thinking: "enabled" })).toMatchObject([thought, {}, {}, {}]);
  });

  test("of another provider are ignored", () => {
    const request = ask("", {
      messages: [
        ...question,
        { role: "assistant", text: "Hm.", calls: [], replay: { openai: { message: {} } } },
      ],
    });

    expect(assistant(request)).toEqual([{ type: "text", text: "Hm." }]);
  });
});

test.each([
  ["adaptive", { type: "adaptive" }],
  ["enabled", { type: "enabled", budget_tokens: 2_048 }],
  [null, undefined],
] as const)("encode() sets thinking %s", (thinking, expected) => {
  expect(encoded(ask("hello"), { thinking }).thinking).toEqual(expected);
});

test("encode() keeps to Anthropic's least budget for thinking", () => {
  expect(
    encoded(ask("hello"), { thinking: "enabled", maxOutputTokens: 2_048 }).thinking,
  ).toMatchObject({ budget_tokens: 1_024 });
});

test("encode() passes the effort on", () => {
  expect(encoded(ask("hello"), { effort: "high" }).output_config).toEqual({ effort: "high" });
});

test.each([
  ["claude-haiku-5-5", { type: "disabled" }],
  ["claude-sonnet-5-5", { type: "between_tools" }],
  ["claude-sonnet-5", { type: "disabled" }],
  ["claude-opus-5-20260724", { type: "disabled" }],
  ["claude-opus-5-5", undefined],
  ["claude-haiku-4-5", undefined],
  ["claude-sonnet-4-6", undefined],
])("encode() keeps %s from thinking when the answer is to be short: %o", (model, thinking) => {
  const body = encoded(ask("hello"), {
    model,
    maxOutputTokens: 256,
    thinking: "adaptive",
    effort: "max",
  });

  expect(body.thinking).toEqual(thinking);
  expect(body.output_config).toBeUndefined();
});

import { expect, test } from "vitest";
import { ask, currentTime } from "../../../test/llm/requests.ts";
import type { ModelMessage, ModelRequest } from "../../core/model.ts";
import { dialectOf } from "./dialect.ts";
import { encode } from "./encode.ts";

const AT = {
  openai: { provider: "openai", baseUrl: "https://api.openai.com/v1", model: "gpt-6.1-terra" },
  openrouter: {
    provider: "openrouter",
    baseUrl: "https://openrouter.ai/api/v1",
    model: "anthropic/claude-sonnet-5.5",
  },
  home: { provider: "openai", baseUrl: "http://localhost:11434/v1", model: "gemma4" },
} as const;

const encoded = (
  request: ModelRequest,
  at: keyof typeof AT = "home",
  { model = AT[at].model as string, maxOutputTokens = 4_096 } = {},
) => encode(request, { model, maxOutputTokens, dialect: dialectOf({ ...AT[at], model }) });

const user = (text: string): ModelMessage => ({ role: "user", content: [{ type: "text", text }] });
const call = { id: "call-1", name: "current_time", input: { zone: "UTC" }, problem: null };

test("encode() says no more than it must to a server at home", () => {
  expect(encoded(ask("hello"))).toEqual({
    model: "gemma4",
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 4_096,
    messages: [
      { role: "system", content: "You are Clara." },
      { role: "user", content: "hello" },
    ],
  });
});

test("encode() joins system texts, and sends none when there is none", () => {
  const system = [
    { text: "persona", stable: true },
    { text: " ", stable: true },
    { text: "now", stable: false },
  ];

  expect(encoded(ask("hello", { system })).messages[0]).toEqual({
    role: "system",
    content: "persona\n\nnow",
  });
  expect(encoded(ask("hello", { system: [] })).messages).toHaveLength(1);
});

test("encode() makes one message of user messages that follow one another", () => {
  const messages: ModelMessage[] = [
    user("one"),
    { role: "assistant", text: "", calls: [], replay: null },
    user("two"),
    { role: "assistant", text: "Yes.", calls: [], replay: null },
    user("three"),
  ];

  expect(encoded(ask("", { system: [], messages })).messages).toEqual([
    { role: "user", content: "one\ntwo" },
    { role: "assistant", content: "Yes." },
    { role: "user", content: "three" },
  ]);
});

test("encode() sends pictures as data", () => {
  const messages: ModelMessage[] = [
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image", mediaType: "image/png", data: "aGk=" },
      ],
    },
  ];

  expect(encoded(ask("", { system: [], messages })).messages).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } },
      ],
    },
  ]);
});

test("encode() gives calls and their answers back", () => {
  const messages: ModelMessage[] = [
    user("what time is it"),
    { role: "assistant", text: "", calls: [call], replay: null },
    { role: "tool", answers: [{ callId: "call-1", text: "noon", isError: false }] },
  ];

  expect(encoded(ask("", { system: [], messages })).messages.slice(1)).toEqual([
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id: "call-1",
          type: "function",
          function: { name: "current_time", arguments: '{"zone":"UTC"}' },
        },
      ],
    },
    { role: "tool", tool_call_id: "call-1", content: "noon" },
  ]);
});

test("encode() gives thoughts back with the calls that they led to", () => {
  const replay = {
    openai: {
      message: { reasoning_content: "Hm.", reasoning_details: [{ type: "reasoning.text" }] },
      extras: { "call-1": { google: { thought_signature: "signed" } } },
    },
  };
  const messages: ModelMessage[] = [{ role: "assistant", text: "", calls: [call], replay }];

  expect(encoded(ask("", { system: [], messages })).messages[0]).toMatchObject({
    reasoning_content: "Hm.",
    reasoning_details: [{ type: "reasoning.text" }],
    tool_calls: [{ id: "call-1", extra_content: { google: { thought_signature: "signed" } } }],
  });
});

test("encode() ignores the thoughts of another provider", () => {
  const messages: ModelMessage[] = [
    { role: "assistant", text: "Yes.", calls: [], replay: { anthropic: { blocks: [] } } },
  ];

  expect(encoded(ask("", { system: [], messages })).messages).toEqual([
    { role: "assistant", content: "Yes." },
  ]);
});

test("encode() hands tools over, and forbids them by tool_choice so that the cache stays good", () => {
  const body = encoded(ask("what time is it", { tools: [currentTime], toolChoice: "none" }));

  expect(body).toMatchObject({
    tool_choice: "none",
    tools: [
      {
        type: "function",
        function: {
          name: "current_time",
          description: "Tells the time.",
          parameters: { type: "object", properties: {} },
        },
      },
    ],
  });
});

test("encode() asks OpenRouter for the cost, and marks for Claude what may be cached", () => {
  const request = ask("", {
    system: [
      { text: "persona", stable: true },
      { text: "now", stable: false },
    ],
    messages: [user("old"), user("new")],
    lastStableMessage: 0,
  });
  const MARK = { cache_control: { type: "ephemeral" } };

  expect(encoded(request, "openrouter")).toMatchObject({
    usage: { include: true },
    messages: [
      {
        role: "system",
        content: [
          { type: "text", text: "persona", ...MARK },
          { type: "text", text: "now" },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "old", ...MARK },
          { type: "text", text: "new" },
        ],
      },
    ],
  });
  expect(JSON.stringify(encoded(request, "home"))).not.toContain("cache_control");
});

test("encode() calls the limit of an answer as OpenAI wants it, and elsewhere as everybody does", () => {
  expect(encoded(ask("hello"), "openai")).toMatchObject({ max_completion_tokens: 4_096 });
  expect(encoded(ask("hello"), "openrouter")).toMatchObject({ max_tokens: 4_096 });
});

test.each([
  ["gpt-6.1-terra", "none"],
  ["gpt-6-luna", "none"],
  ["gpt-5.6-sol", "none"],
  ["gpt-5.1", undefined],
  ["gpt-4o", undefined],
])("encode() keeps %s at OpenAI from thinking when there are tools: %s", (model, effort) => {
  const body = encoded(ask("hello", { tools: [currentTime] }), "openai", { model });

  expect(body.reasoning_effort).toBe(effort);
});

test("encode() lets GPT think when there are no tools and there is room", () => {
  expect(encoded(ask("hello"), "openai").reasoning_effort).toBeUndefined();
  expect(encoded(ask("hello"), "openai", { maxOutputTokens: 256 }).reasoning_effort).toBe("none");
});

test.each([
  ["anthropic/claude-haiku-5.5", { effort: "none" }],
  ["openai/gpt-6-luna", { effort: "none" }],
  ["anthropic/claude-opus-5.5", undefined],
  ["anthropic/claude-haiku-4.5", undefined],
  ["deepseek/deepseek-v4", undefined],
])(
  "encode() keeps %s at OpenRouter from thinking when the answer is to be short: %o",
  (model, reasoning) => {
    const short = encoded(ask("hello"), "openrouter", { model, maxOutputTokens: 256 });
    const withTools = encoded(ask("hello", { tools: [currentTime] }), "openrouter", { model });

    expect(short).toHaveProperty("max_tokens", 256);
    expect((short as { reasoning?: unknown }).reasoning).toEqual(reasoning);
    expect(withTools).not.toHaveProperty("reasoning");
  },
);

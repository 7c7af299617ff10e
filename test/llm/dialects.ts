import { systemClock } from "../../src/core/clock.ts";
import type { Model } from "../../src/core/model.ts";
import type { AdapterOptions } from "../../src/llm/adapter.ts";
import { createAnthropicModel } from "../../src/llm/anthropic/index.ts";
import type { Timeouts } from "../../src/llm/line.ts";
import { createOpenAiModel } from "../../src/llm/openai/index.ts";

export const API_KEY = "sk-very-secret-key-0123456789";

/** One way to talk to a provider: how to reach a server that speaks it, and what such a server writes. */
export interface Dialect {
  readonly name: string;
  /** The path of the base URL on a server. */
  readonly createModel: (serverUrl: string, options?: Partial<AdapterOptions>) => Model;
  /** A whole answer of a few words. */
  readonly whole: (...words: readonly string[]) => string;
  /** The same without what says that it is whole. */
  readonly unfinished: (...words: readonly string[]) => string;
  /** An `overloaded` error as an event within a stream. */
  readonly errorEvent: string;
  /** The body of an HTTP error. */
  readonly errorBody: (type: string, message: string) => unknown;
}

/** Longer than any test. */
export const PATIENT: Timeouts = { firstByteMs: 5_000, idleMs: 5_000, totalMs: 8_000 };

let ids = 0;

const shared = {
  apiKey: API_KEY,
  headers: {},
  contextTokens: 100_000,
  price: null,
  timeouts: PATIENT,
  fetch: globalThis.fetch,
  clock: systemClock,
  createId: () => `new-${++ids}`,
};

const anthropicEvent = (event: {
  readonly type: string;
  readonly [key: string]: unknown;
}): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const openAiEvent = (chunk: unknown): string => `data: ${JSON.stringify(chunk)}\n\n`;

const openAiDelta = (delta: unknown, rest: Readonly<Record<string, unknown>> = {}): string =>
  openAiEvent({
    id: "chatcmpl-1",
    model: "test-model",
    choices: [{ index: 0, delta, finish_reason: null }],
    ...rest,
  });

const openAiFinish = (
  finishReason: string,
  usage: unknown = { prompt_tokens: 10, completion_tokens: 5 },
): string =>
  openAiEvent({
    id: "chatcmpl-1",
    choices: [{ index: 0, delta: {}, finish_reason: finishReason }],
  }) +
  openAiEvent({ id: "chatcmpl-1", choices: [], usage }) +
  "data: [DONE]\n\n";

export const anthropicStart = anthropicEvent({
  type: "message_start",
  message: { id: "msg_1", model: "test-model", usage: { input_tokens: 10, output_tokens: 1 } },
});

export const anthropicBlock = (
  index: number,
  block: unknown,
  ...deltas: readonly unknown[]
): string =>
  anthropicEvent({ type: "content_block_start", index, content_block: block }) +
  deltas.map((delta) => anthropicEvent({ type: "content_block_delta", index, delta })).join("") +
  anthropicEvent({ type: "content_block_stop", index });

export const anthropicFinish = (
  stopReason: string,
  usage: unknown = { output_tokens: 5 },
): string =>
  anthropicEvent({ type: "message_delta", delta: { stop_reason: stopReason }, usage }) +
  anthropicEvent({ type: "message_stop" });

const anthropicText = (words: readonly string[]): string =>
  anthropicBlock(
    0,
    { type: "text", text: "" },
    ...words.map((text) => ({ type: "text_delta", text })),
  );

export const anthropic: Dialect = {
  name: "anthropic",
  createModel: (baseUrl, options) =>
    createAnthropicModel({
      ...shared,
      baseUrl,
      model: "test-model",
      thinking: null,
      effort: null,
      loadsTools: false,
      ...options,
    }),
  whole: (...words) => anthropicStart + anthropicText(words) + anthropicFinish("end_turn"),
  unfinished: (...words) => anthropicStart + anthropicText(words),
  errorEvent: anthropicEvent({
    type: "error",
    error: { type: "overloaded_error", message: "Overloaded" },
  }),
  errorBody: (type, message) => ({ type: "error", error: { type, message } }),
};

const openAiText = (words: readonly string[]): string =>
  words.map((content) => openAiDelta({ content })).join("");

export const openai: Dialect = {
  name: "openai",
  createModel: (serverUrl, options) =>
    createOpenAiModel({
      ...shared,
      baseUrl: `${serverUrl}/v1`,
      model: "test-model",
      provider: "openai",
      ...options,
    }),
  whole: (...words) => openAiText(words) + openAiFinish("stop"),
  unfinished: (...words) => openAiText(words),
  errorEvent: openAiEvent({ error: { type: "overloaded_error", message: "Overloaded" } }),
  errorBody: (type, message) => ({ error: { type, message } }),
};

export const openrouter: Dialect = {
  ...openai,
  name: "openrouter",
  createModel: (serverUrl, options) =>
    createOpenAiModel({
      ...shared,
      baseUrl: `${serverUrl}/api/v1`,
      model: "anthropic/test-model",
      provider: "openrouter",
      headers: { "HTTP-Referer": "https://clara.example", "X-Title": "Clara" },
      ...options,
    }),
  errorEvent: openAiEvent({
    error: { code: 502, message: "Upstream is down" },
    choices: [{ delta: { content: "" }, finish_reason: "error" }],
  }),
};

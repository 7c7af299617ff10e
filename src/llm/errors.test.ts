import { APIConnectionError, APIError as AnthropicApiError } from "@anthropic-ai/sdk";
import { APIError as OpenAiApiError } from "openai";
import { expect, test } from "vitest";
import { ModelError } from "../core/model.ts";
import { toModelError } from "./errors.ts";

const KEY = "sk-very-secret-key-0123456789";
const context = {
  provider: "acme",
  secrets: [KEY],
  now: () => new Date("2026-11-25T12:00:00Z"),
};

const anthropicError = (status: number | undefined, body: unknown, headers = {}) =>
  AnthropicApiError.generate(status, body as object, undefined, new Headers(headers));

const openAiError = (status: number | undefined, error: unknown, headers = {}) =>
  OpenAiApiError.generate(status, { error } as object, undefined, new Headers(headers));

test.each([
  [301, "not-found", false],
  [400, "bad-request", false],
  [401, "auth", false],
  [402, "no-credit", false],
  [403, "auth", false],
  [404, "not-found", false],
  [408, "timeout", true],
  [409, "overloaded", true],
  [410, "not-found", false],
  [413, "context-too-long", false],
  [418, "bad-request", false],
  [422, "bad-request", false],
  [429, "rate-limited", true],
  [500, "overloaded", true],
  [502, "overloaded", true],
  [503, "overloaded", true],
  [504, "overloaded", true],
  [529, "overloaded", true],
])("toModelError() makes of status %i: %s, retryable %s", (status, kind, retryable) => {
  expect(toModelError(openAiError(status, { message: "no" }), context)).toMatchObject({
    kind,
    retryable,
  });
  expect(toModelError(anthropicError(status, { error: { message: "no" } }), context)).toMatchObject(
    { kind, retryable },
  );
});

test.each([
  ["overloaded_error", "overloaded"],
  ["api_error", "overloaded"],
  ["rate_limit_error", "rate-limited"],
  ["timeout_error", "timeout"],
  ["authentication_error", "auth"],
  ["permission_error", "auth"],
  ["billing_error", "no-credit"],
  ["not_found_error", "not-found"],
  ["request_too_large", "context-too-long"],
])("toModelError() knows Anthropic's %s within a stream as %s", (type, kind) => {
  const failure = new AnthropicApiError(
    undefined,
    { type: "error", error: { type, message: "so it is" } },
    undefined,
    new Headers(),
  );

  expect(toModelError(failure, context).kind).toBe(kind);
});

test("toModelError() takes a spend limit, which comes with 429, for no credit", () => {
  const body = {
    error: { type: "rate_limit_error", details: { error_code: "enforced_spend_limit_reached" } },
  };

  expect(toModelError(anthropicError(429, body), context).kind).toBe("no-credit");
});

test.each([
  [400, { code: "context_length_exceeded", message: "too long" }, "context-too-long"],
  [400, { message: "This model's maximum context length is 8192 tokens." }, "context-too-long"],
  [400, { message: "prompt is too long: 210000 tokens > 200000 maximum" }, "context-too-long"],
  [400, { message: "Your credit balance is too low." }, "no-credit"],
  [429, { code: "insufficient_quota", message: "You exceeded your current quota." }, "no-credit"],
  [429, { code: "rate_limit_exceeded", message: "Limit 30000 tokens per min" }, "rate-limited"],
  [400, { message: "foo/bar is not a valid model ID" }, "not-found"],
  [404, { code: "model_not_found", message: "The model `x` does not exist" }, "not-found"],
  [400, { code: "content_filter", message: "filtered" }, "bad-request"],
  [403, { code: 403, message: "Your input was flagged by moderation" }, "bad-request"],
  [400, { code: 400, message: "registry/gemma does not support tools" }, "bad-request"],
  [undefined, { code: 502, message: "Upstream is down" }, "overloaded"],
  [undefined, { code: "429", message: "slow down" }, "rate-limited"],
  [undefined, { type: "server_error", message: "oops" }, "overloaded"],
])("toModelError() makes of %s with %o: %s", (status, error, kind) => {
  const failure = status
    ? openAiError(status, error)
    : new OpenAiApiError(undefined, error, undefined, new Headers());

  expect(toModelError(failure, context).kind).toBe(kind);
});

test("toModelError() reads what the provider behind OpenRouter said", () => {
  const error = {
    code: 400,
    message: "Provider returned error",
    metadata: { raw: '{"error":{"message":"prompt is too long"}}' },
  };

  expect(toModelError(openAiError(400, error), context).kind).toBe("context-too-long");
});

test.each([
  ["1", 1_000],
  ["0.5", 500],
  ["86400", 3_600_000],
  ["-3", 0],
  ["Wed, 25 Nov 2026 12:00:30 GMT", 30_000],
  ["Wed, 25 Nov 2026 11:00:00 GMT", 0],
  ["soon", null],
])("toModelError() reads retry-after %s as %s ms", (after, retryAfterMs) => {
  const failure = openAiError(429, { message: "slow down" }, { "retry-after": after });

  expect(toModelError(failure, context).retryAfterMs).toBe(retryAfterMs);
});

test("toModelError() prefers retry-after-ms, and knows nothing when nothing was said", () => {
  const precise = openAiError(429, {}, { "retry-after-ms": "1250", "retry-after": "2" });
  const silent = openAiError(429, {});

  expect(toModelError(precise, context).retryAfterMs).toBe(1_250);
  expect(toModelError(silent, context).retryAfterMs).toBeNull();
});

test("toModelError() finds our own error under any number of wrappings", () => {
  const own = new ModelError("stalled", { kind: "timeout", provider: "acme" });
  const wrapped = new APIConnectionError({ cause: new Error("outer", { cause: own }) });

  expect(toModelError(wrapped, context)).toBe(own);
});

test("toModelError() takes unreadable events for a broken stream, and the rest for unknown", () => {
  expect(toModelError(new SyntaxError("bad JSON"), context).kind).toBe("broken-stream");
  expect(toModelError(new Error("Request timed out."), context).kind).toBe("timeout");
  expect(toModelError("what?", context)).toMatchObject({ kind: "unknown", retryable: false });
});

test("toModelError() never shows a secret, nor a cause that holds one", () => {
  const failure = openAiError(401, { message: `Incorrect API key provided: ${KEY}` });

  const error = toModelError(failure, context);

  expect(error.message).toBe("acme: auth (401): Incorrect API key provided: [secret]");
  expect(error.cause).toBeUndefined();
});

test("toModelError() keeps a clean cause, and only the beginning of a long text", () => {
  const failure = openAiError(400, { message: "x".repeat(5_000) });

  const error = toModelError(failure, context);

  expect(error.cause).toBe(failure);
  expect(error.message.length).toBeLessThan(320);
});

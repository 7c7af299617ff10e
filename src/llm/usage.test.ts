import { expect, test } from "vitest";
import { ask } from "../../test/llm/requests.ts";
import type { Price } from "./prices.ts";
import { estimateUsage, toUsage, type Counted } from "./usage.ts";

const price: Price = {
  input: 2,
  cachedInput: 0.2,
  cacheWrite: 2.5,
  output: 10,
  long: null,
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
};

const counted: Counted = {
  inputTokens: 1_000,
  cachedInputTokens: 600,
  cacheWriteTokens: 100,
  outputTokens: 50,
};

const said = { request: ask("How many?"), output: "Quite a few, I would say.", price };

test("toUsage() keeps what the provider counted, and prices it", () => {
  expect(toUsage(counted, said)).toEqual({
    ...counted,
    costUsd: (300 * 2 + 600 * 0.2 + 100 * 2.5 + 50 * 10) / 1_000_000,
    estimated: false,
  });
});

test("toUsage() prefers the provider's own figure in dollars, also when it is nothing", () => {
  expect(toUsage({ ...counted, costUsd: 0.5 }, said).costUsd).toBe(0.5);
  expect(toUsage({ ...counted, costUsd: 0 }, said).costUsd).toBe(0);
});

test("toUsage() does not believe a negative figure in dollars", () => {
  expect(toUsage({ ...counted, costUsd: -1 }, said).costUsd).toBeCloseTo(0.00147);
});

test("toUsage() knows no cost without a price", () => {
  expect(toUsage(counted, { ...said, price: null }).costUsd).toBeNull();
});

test.each([
  ["missing", null],
  ["missing in part", { ...counted, inputTokens: null }],
  ["negative", { ...counted, outputTokens: -5 }],
  ["huge", { ...counted, inputTokens: 90_000_000 }],
  ["not whole", { ...counted, outputTokens: 1.5 }],
  ["zero for a whole request", { ...counted, inputTokens: 0, cachedInputTokens: 0 }],
  ["less than what was cached", { ...counted, inputTokens: 100 }],
])("toUsage() estimates when the provider's usage is %s", (_, wrong) => {
  const usage = toUsage(wrong, said);

  expect(usage).toEqual(estimateUsage(said.request, said.output, price));
  expect(usage.estimated).toBe(true);
  expect(usage.inputTokens).toBeGreaterThan(0);
  expect(usage.outputTokens).toBeGreaterThan(0);
  expect(usage.costUsd).toBeGreaterThan(0);
});

test("estimateUsage() counts system, tools, pictures, calls and answers", () => {
  const tokensOf = (change: Parameters<typeof ask>[1]) =>
    estimateUsage(ask("x", change), "", null).inputTokens;
  const bare = tokensOf({});

  expect(tokensOf({ system: [{ text: "a".repeat(400), stable: true }] })).toBeGreaterThan(bare);
  expect(tokensOf({ tools: [{ name: "a", description: "b", inputSchema: {} }] })).toBeGreaterThan(
    bare,
  );
  expect(
    tokensOf({
      messages: [
        { role: "user", content: [{ type: "image", mediaType: "image/png", data: "aaaa" }] },
      ],
    }),
  ).toBeGreaterThan(1_000);
  expect(
    tokensOf({
      messages: [
        {
          role: "assistant",
          text: "",
          calls: [{ id: "1", name: "search", input: { words: "a".repeat(400) }, problem: null }],
          replay: null,
        },
        { role: "tool", answers: [{ callId: "1", text: "b".repeat(400), isError: false }] },
      ],
    }),
  ).toBeGreaterThan(150);
});

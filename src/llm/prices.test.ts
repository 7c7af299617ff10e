import { expect, test } from "vitest";
import { costOf, loadPrices, priceOf, type Prices } from "./prices.ts";

function load(override?: unknown): Prices {
  const loaded = loadPrices(override);
  if (loaded.kind === "refused") throw new Error(loaded.problems.join("\n"));
  return loaded.prices;
}

const own = { input: 1, output: 2, contextTokens: 32_000, maxOutputTokens: 8_000 };

test("loadPrices() accepts the built-in list", () => {
  expect(load().size).toBeGreaterThan(20);
});

test("loadPrices() lays the operator's entries over the built-in ones", () => {
  const prices = load({ "claude-sonnet-5.5": own, "my-model": own });

  expect(priceOf(prices, "claude-sonnet-5-5")).toMatchObject({ input: 1, output: 2 });
  expect(priceOf(prices, "my-model")?.contextTokens).toBe(32_000);
  expect(priceOf(prices, "claude-opus-5-5")?.input).toBe(4);
});

test("loadPrices() takes null for a model that runs at home", () => {
  const prices = load({ llama: { ...own, input: null, output: null } });

  expect(costOf({ ...usage, inputTokens: 5 }, priceOf(prices, "llama"))).toBeNull();
});

test("loadPrices() refuses wrong prices and limits, and tells all that is wrong at once", () => {
  const loaded = loadPrices({
    free: { ...own, input: 0 },
    negative: { ...own, output: -2 },
    half: { ...own, output: null },
    text: { ...own, input: "3" },
    typo: { ...own, cachedInputs: 1 },
    narrow: { ...own, contextTokens: 1.5 },
    wide: { ...own, maxOutputTokens: 64_000 },
  });

  expect(loaded).toEqual({
    kind: "refused",
    problems: [
      "free.input: must be more than 0, or null for a model without a price",
      "negative.output: must be more than 0, or null for a model without a price",
      "half.output: input and output must both have a price, or both be null",
      "text.input: must be a number of dollars, or null for a model without a price",
      expect.stringContaining("cachedInputs"),
      "narrow.contextTokens: must be a whole number",
      "wide.maxOutputTokens: must not be more than contextTokens",
    ],
  });
});

test.each([[null], ["prices"], [[own]]])("loadPrices() refuses %o, which is no list", (list) => {
  expect(loadPrices(list)).toMatchObject({ kind: "refused", problems: [expect.any(String)] });
});

test.each([
  ["claude-sonnet-5-5", 2],
  ["anthropic/claude-sonnet-5.5", 2],
  ["Claude-Haiku-4-5-20251001", 1],
  ["us.anthropic/claude-haiku-5.5:batch", 0.1],
  ["openai/gpt-6-sol-2026-09-22", 2],
  ["gpt-4o-mini", 0.15],
  ["gpt-4o-2024-11-20", 2.5],
  ["moonshotai/Kimi-K2-Instruct-0905", 0.6],
])("priceOf() finds %s", (model, input) => {
  expect(priceOf(load(), model)?.input).toBe(input);
});

test.each([
  ["another model", "llama-4"],
  ["a later version", "claude-opus-5-5-1"],
  ["a later version with a dot", "moonshotai/kimi-k2.5"],
  ["a dearer variant", "gpt-5.2-pro"],
  ["a name that only begins alike", "gpt-5o"],
  ["no name", ""],
])("priceOf() knows no price of %s", (_, model) => {
  expect(priceOf(load(), model)).toBeNull();
});

const usage = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

test("costOf() counts cached input at the price of input where it has none of its own", () => {
  const price = priceOf(load({ plain: own }), "plain");

  expect(costOf({ ...usage, inputTokens: 1_000_000, cachedInputTokens: 400_000 }, price)).toBe(1);
});

test("costOf() takes the rates of a long prompt for the whole call", () => {
  const price = priceOf(load(), "claude-haiku-5-5");
  const cost = (inputTokens: number) =>
    costOf({ ...usage, inputTokens, outputTokens: 1_000_000 }, price);

  expect(cost(100_000)).toBeCloseTo(0.01 + 0.5);
  expect(cost(200_000)).toBeCloseTo(0.1 + 2.5);
});

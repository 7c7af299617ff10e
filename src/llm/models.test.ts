import { expect, test } from "vitest";
import { anthropic, openai, PATIENT } from "../../test/llm/dialects.ts";
import { manualClock } from "../../test/llm/manual-clock.ts";
import { openProviderServer, refuses, sends } from "../../test/llm/provider-server.ts";
import { recordingLog } from "../../test/llm/recording-log.ts";
import { ask, collect, collectUntilFailure, endOf, textOf } from "../../test/llm/requests.ts";
import type { Tier } from "../core/model.ts";
import {
  createModels,
  type AnthropicProvider,
  type ModelsOptions,
  type OpenAiProvider,
} from "./models.ts";
import { loadPrices } from "./prices.ts";

const NO_NAMES = { base: null, high: null, mid: null, low: null };

const claude = (change: Partial<AnthropicProvider> = {}): AnthropicProvider => ({
  kind: "anthropic",
  apiKey: "key",
  baseUrl: null,
  models: NO_NAMES,
  contextTokens: null,
  thinking: null,
  effort: null,
  ...change,
});

const compatible = (name: string, change: Partial<OpenAiProvider> = {}): OpenAiProvider => ({
  kind: "openai-compatible",
  name,
  apiKey: "key",
  baseUrl: null,
  models: NO_NAMES,
  contextTokens: null,
  ...change,
});

const setUp = (options: Partial<ModelsOptions>) => {
  const loaded = loadPrices();
  if (loaded.kind === "refused") throw new Error(loaded.problems.join());
  const log = recordingLog();
  const pauses: number[] = [];
  const models = createModels(
    {
      clock: manualClock(),
      log,
      random: () => 1,
      sleep: async (ms) => void pauses.push(ms),
      fetch: globalThis.fetch,
      createId: () => "id",
    },
    {
      providers: [claude()],
      fallback: [],
      defaultTier: "mid",
      autoTier: false,
      prices: loaded.prices,
      timeouts: PATIENT,
      ...options,
    },
  );
  const names = (["high", "mid", "low"] as const).map((tier: Tier) => models.byTier(tier).name);
  return { models, names, log, pauses };
};

test.each([
  [
    claude(),
    ["anthropic/claude-opus-5-5", "anthropic/claude-sonnet-5-5", "anthropic/claude-haiku-5-5"],
  ],
  [
    compatible("openrouter"),
    [
      "openrouter/anthropic/claude-opus-5.5",
      "openrouter/anthropic/claude-sonnet-5.5",
      "openrouter/anthropic/claude-haiku-5.5",
    ],
  ],
  [compatible("openai"), ["openai/gpt-6.1-sol", "openai/gpt-6.1-terra", "openai/gpt-6-luna"]],
])("createModels() has a model for every tier of $kind $name", (provider, expected) => {
  const { names, log } = setUp({ providers: [provider] });

  expect(names).toEqual(expected);
  expect(log.lines).toEqual([]);
});

test("createModels() takes the base model for mid alone, as the original did", () => {
  const models = { ...NO_NAMES, base: "claude-sonnet-4-6", low: "claude-haiku-4-5" };

  expect(setUp({ providers: [claude({ models })] }).names).toEqual([
    "anthropic/claude-opus-5-5",
    "anthropic/claude-sonnet-4-6",
    "anthropic/claude-haiku-4-5",
  ]);
});

test("createModels() takes the base model for every tier of a server of one's own", () => {
  const provider = compatible("openai", {
    baseUrl: "http://localhost:11434/v1",
    models: { ...NO_NAMES, base: "gemma4", high: "qwen4" },
  });

  expect(setUp({ providers: [provider] }).names).toEqual([
    "openai/qwen4",
    "openai/gemma4",
    "openai/gemma4",
  ]);
});

test("createModels() takes a tier's own name before the base", () => {
  const models = { base: "a", high: "b", mid: "c", low: "d" };

  expect(setUp({ providers: [claude({ models })] }).names).toEqual([
    "anthropic/b",
    "anthropic/c",
    "anthropic/d",
  ]);
});

test("createModels() passes on which tier to take when nobody chose one", () => {
  const { models } = setUp({ defaultTier: "high", autoTier: true });

  expect(models).toMatchObject({ defaultTier: "high", autoTier: true });
});

test("createModels() knows a model's window from the price list, or from the operator", () => {
  const known = setUp({}).models.byTier("mid");
  const told = setUp({ providers: [claude({ contextTokens: 32_000 })] }).models.byTier("mid");
  const unknown = setUp({ providers: [claude({ models: { ...NO_NAMES, mid: "x" } })] });

  expect(known.contextTokens).toBe(1_000_000);
  expect(told.contextTokens).toBe(32_000);
  expect(unknown.models.byTier("mid").contextTokens).toBe(128_000);
});

test("createModels() warns once of a model whose price it does not know, but not at OpenRouter", () => {
  const models = { ...NO_NAMES, mid: "acme/new-model", low: "acme/new-model" };

  expect(setUp({ providers: [claude({ models })] }).log.lines).toEqual([
    { level: "warn", event: "model-without-price", fields: { model: "acme/new-model" } },
  ]);
  expect(setUp({ providers: [compatible("openrouter", { models })] }).log.lines).toEqual([]);
});

test("createModels() refuses a fallback to a provider that is not set up", () => {
  expect(() => setUp({ fallback: ["openrouter"] })).toThrow(
    'The fallback "openrouter" needs the provider "openrouter", which is not set up',
  );
});

test("createModels() refuses a provider of one's own without address or model", () => {
  expect(() => setUp({ providers: [compatible("mine")] })).toThrow(/needs the name of a model/);
  expect(() =>
    setUp({
      providers: [compatible("mine", { models: { base: null, high: "a", mid: "a", low: "a" } })],
    }),
  ).toThrow(/needs a base URL/);
});

test("createModels() tries again, then asks the same tier of the fallback, and never says anything twice", async () => {
  await using down = await openProviderServer(
    refuses(503, anthropic.errorBody("overloaded_error", "Overloaded")),
  );
  await using up = await openProviderServer(sends(openai.whole("Hello ", "there.")));
  const { models, pauses, log } = setUp({
    providers: [
      claude({ baseUrl: down.url }),
      compatible("openai", {
        baseUrl: `${up.url}/v1`,
        models: { ...NO_NAMES, high: "big", base: "middle" },
      }),
    ],
    fallback: ["openai"],
  });

  const events = await collect(models.byTier("high").stream(ask("hello")));

  expect(textOf(events)).toBe("Hello there.");
  expect(events[0]).toMatchObject({ type: "start", provider: "openai" });
  expect(down.requests).toHaveLength(4);
  expect(pauses).toEqual([500, 1_000, 2_000]);
  expect(up.requests[0]?.body.model).toBe("big");
  expect(log.lines.filter(({ event }) => event === "model-failed")).toHaveLength(1);
});

test("createModels() asks a retired model once, tells the operator and goes on with the fallback", async () => {
  await using retired = await openProviderServer(
    refuses(404, anthropic.errorBody("not_found_error", "model: claude-old")),
  );
  await using up = await openProviderServer(sends(openai.whole("Hello.")));
  const { models, log } = setUp({
    providers: [
      claude({ baseUrl: retired.url }),
      compatible("openrouter", { baseUrl: `${up.url}/v1` }),
    ],
    fallback: ["openrouter/anthropic/claude-haiku-5.5"],
  });

  const events = await collect(models.byTier("mid").stream(ask("hello")));

  expect(textOf(events)).toBe("Hello.");
  expect(retired.requests).toHaveLength(1);
  expect(up.requests[0]?.body.model).toBe("anthropic/claude-haiku-5.5");
  expect(log.lines).toMatchObject([{ level: "error", fields: { kind: "not-found" } }]);
});

test("createModels() prices a call by the model that was asked for", async () => {
  await using server = await openProviderServer(sends(anthropic.whole("Hello.")));
  const { models } = setUp({ providers: [claude({ baseUrl: server.url })] });

  const { usage } = endOf(await collect(models.byTier("low").stream(ask("hello"))));

  expect(usage.costUsd).toBeCloseTo((10 * 0.1 + 5 * 0.5) / 1_000_000);
});

test("createModels() asks a fallback that is the model itself only once", async () => {
  await using server = await openProviderServer(refuses(401, anthropic.errorBody("x", "no")));
  const { models } = setUp({
    providers: [claude({ baseUrl: server.url })],
    fallback: ["anthropic", "anthropic/claude-sonnet-5-5"],
  });

  await collectUntilFailure(models.byTier("mid").stream(ask("hello")));

  expect(server.requests).toHaveLength(1);
});

test("createModels() sends headers of the operator's own, also to a proxy for Claude", async () => {
  await using server = await openProviderServer(sends(anthropic.whole("Hello.")));
  const headers = { "CF-Access-Client-Id": "id.access" };
  const { models } = setUp({ providers: [claude({ baseUrl: server.url, headers })] });

  await collect(models.byTier("low").stream(ask("hello")));

  expect(server.requests[0]?.headers).toMatchObject({ "cf-access-client-id": "id.access" });
});

test("createModels() makes do with the demo", async () => {
  const { models, names } = setUp({ providers: [{ kind: "demo", delayMs: 0 }] });

  expect(names).toEqual(["demo", "demo", "demo"]);
  expect(textOf(await collect(models.byTier("mid").stream(ask("count to 3"))))).toBe("1\n2\n3");
});

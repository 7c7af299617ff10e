import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Model, Models, Tier } from "../core/model.ts";
import { canLoadTools, createAnthropicModel, type Effort } from "./anthropic/index.ts";
import { createDemoModel } from "./demo/index.ts";
import { withFallback } from "./fallback.ts";
import type { Timeouts } from "./line.ts";
import { createOpenAiModel } from "./openai/index.ts";
import { priceOf, type Prices } from "./prices.ts";
import { defaultBaseUrl, defaultModel } from "./provider-defaults.ts";
import { withRetries } from "./retrying.ts";
import type { Sleep } from "./sleep.ts";

/** For models that are not in the price list, unless the operator says otherwise. */
const UNKNOWN_CONTEXT_TOKENS = 128_000;

/**
 * null: not set. `base` is the mid tier by another name, as in the original; high and low are then the provider's
 * defaults. On a server of the operator's own, where those mean nothing, `base` is every tier that has no other name.
 */
export interface ModelNames {
  readonly base: string | null;
  readonly high: string | null;
  readonly mid: string | null;
  readonly low: string | null;
}

interface RemoteProvider {
  readonly apiKey: string;
  /** null: the provider's own address. */
  readonly baseUrl: string | null;
  readonly models: ModelNames;
  /** Sent with every call: HTTP-Referer and X-Title for OpenRouter, CF-Access-Client-Id and -Secret for a tunnel. */
  readonly headers?: Readonly<Record<string, string>>;
  /** null: from the price list. */
  readonly contextTokens: number | null;
}

export interface AnthropicProvider extends RemoteProvider {
  readonly kind: "anthropic";
  readonly thinking: "adaptive" | "enabled" | null;
  readonly effort: Effort | null;
}

export interface OpenAiProvider extends RemoteProvider {
  readonly kind: "openai-compatible";
  /** `openrouter`, `nanogpt`, `openai`, or a name of the operator's own, which then needs a base URL and models. */
  readonly name: string;
}

interface DemoProvider {
  readonly kind: "demo";
  /** Between two pieces of an answer. */
  readonly delayMs: number;
}

export type ProviderOptions = AnthropicProvider | OpenAiProvider | DemoProvider;

export interface ModelsOptions {
  /** The first one answers; the others are there for `fallback`. */
  readonly providers: readonly [ProviderOptions, ...ProviderOptions[]];
  /** Asked in this order when the first fails: `anthropic`, or with a model `openrouter/anthropic/claude-haiku-5.5`. */
  readonly fallback: readonly string[];
  readonly defaultTier: Tier;
  readonly autoTier: boolean;
  readonly prices: Prices;
  readonly timeouts: Timeouts;
}

export interface ModelsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly sleep: Sleep;
  readonly fetch: typeof globalThis.fetch;
  readonly createId: () => string;
}

/**
 * Throws when `fallback` names a provider that is not there, or a provider lacks a model or an address. A tier is what
 * was asked for, always: unlike the original, Clara does not raise `low` to `mid` because there are tools.
 */
export function createModels(deps: ModelsDeps, options: ModelsOptions): Models {
  const own = { ...deps, log: deps.log.child({ room: "llm" }) };
  const [first] = options.providers;
  const made = new Map<string, Model>();

  /** Each model once, however many tiers it serves. */
  function modelOf(provider: ProviderOptions, name: string): Model {
    const key = `${idOf(provider)}/${name}`;
    const model = made.get(key) ?? withRetries(createAdapter(own, options, provider, name), own);
    made.set(key, model);
    return model;
  }

  /** With its fallbacks: the same tier of other providers. */
  function createTier(tier: Tier): Model {
    const chosen = modelOf(first, nameOf(first, tier));
    const others = options.fallback.map((entry) => {
      const { provider, model } = findProvider(options.providers, entry);
      return modelOf(provider, model ?? nameOf(provider, tier));
    });
    return withFallback([chosen, ...others.filter((model) => model !== chosen)], own);
  }

  const byTier = { high: createTier("high"), mid: createTier("mid"), low: createTier("low") };
  const { defaultTier, autoTier } = options;
  return { byTier: (tier) => byTier[tier], defaultTier, autoTier };
}

function createAdapter(
  deps: ModelsDeps,
  { prices, timeouts }: ModelsOptions,
  provider: ProviderOptions,
  model: string,
): Model {
  if (provider.kind === "demo") return createDemoModel({ ...deps, delayMs: provider.delayMs });
  const id = idOf(provider);
  const price = priceOf(prices, model);
  // OpenRouter says itself what a call has cost; elsewhere budgets in money would not see this model.
  if (price === null && id !== "openrouter") deps.log.warn({ model }, "model-without-price");
  const shared = {
    ...deps,
    model,
    price,
    timeouts,
    apiKey: provider.apiKey,
    baseUrl: provider.baseUrl ?? defaultBaseUrl(id),
    headers: provider.headers ?? {},
    contextTokens: provider.contextTokens ?? price?.contextTokens ?? UNKNOWN_CONTEXT_TOKENS,
  };
  return provider.kind === "anthropic"
    ? createAnthropicModel({
        ...shared,
        thinking: provider.thinking,
        effort: provider.effort,
        loadsTools: canLoadTools(shared),
      })
    : createOpenAiModel({ ...shared, provider: id });
}

function findProvider(
  providers: readonly ProviderOptions[],
  entry: string,
): { readonly provider: ProviderOptions; readonly model: string | null } {
  const [id = "", ...rest] = entry.split("/");
  const provider = providers.find((candidate) => idOf(candidate) === id);
  if (!provider) {
    throw new Error(
      `The fallback "${entry}" needs the provider "${id}", which is not set up: give it a key, or leave it out.`,
    );
  }
  return { provider, model: rest.length > 0 ? rest.join("/") : null };
}

const idOf = (provider: ProviderOptions): string =>
  provider.kind === "openai-compatible" ? provider.name : provider.kind;

function nameOf(provider: ProviderOptions, tier: Tier): string {
  if (provider.kind === "demo") return "demo";
  const { models, kind, baseUrl } = provider;
  const isOwnServer = kind === "openai-compatible" && baseUrl !== null;
  const base = tier === "mid" || isOwnServer ? models.base : null;
  return models[tier] ?? base ?? defaultModel(idOf(provider), tier);
}

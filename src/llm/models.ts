import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Model, Models, Tier } from "../core/model.ts";
import { createAnthropicModel, type Effort } from "./anthropic/index.ts";
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

/** null: not set. A tier that is not set uses `base`, and the provider's default when that is not set either. */
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
  /** Sent with every call: HTTP-Referer and X-Title for OpenRouter, CF-Access-Client-Id and -Secret for a tunnel. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface DemoProvider {
  readonly kind: "demo";
  /** Between two pieces of an answer. */
  readonly delayMs: number;
}

export type ProviderOptions = AnthropicProvider | OpenAiProvider | DemoProvider;

export interface ModelsOptions {
  /** The first one answers; the others are there for `fallback`. */
  readonly providers: readonly [ProviderOptions, ...ProviderOptions[]];
  /** Asked in this order when the first fails: `anthropic`, or with a model `openrouter/anthropic/claude-haiku-4.5`. */
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

/** Throws when `fallback` names a provider that is not there, or a provider lacks a model or an address. */
export function createModels(deps: ModelsDeps, options: ModelsOptions): Models {
  const log = deps.log.child({ room: "llm" });
  const [first] = options.providers;

  /** With its fallbacks: the same tier of other providers. */
  function createTier(tier: Tier): Model {
    const chosen = createModel(deps, options, first, nameOf(first, tier));
    const others = options.fallback.map((entry) => {
      const { provider, model } = findProvider(options.providers, entry);
      return createModel(deps, options, provider, model ?? nameOf(provider, tier));
    });
    return withFallback([chosen, ...others.filter(({ name }) => name !== chosen.name)], {
      clock: deps.clock,
      log,
    });
  }

  const byTier = { high: createTier("high"), mid: createTier("mid"), low: createTier("low") };
  const { defaultTier, autoTier } = options;
  return { byTier: (tier) => byTier[tier], defaultTier, autoTier };
}

function createModel(
  deps: ModelsDeps,
  options: ModelsOptions,
  provider: ProviderOptions,
  model: string,
): Model {
  return withRetries(createAdapter(deps, options, provider, model), deps);
}

function createAdapter(
  deps: ModelsDeps,
  { prices, timeouts }: ModelsOptions,
  provider: ProviderOptions,
  model: string,
): Model {
  if (provider.kind === "demo") return createDemoModel({ ...deps, delayMs: provider.delayMs });
  const price = priceOf(prices, model);
  const shared = {
    ...deps,
    model,
    price,
    timeouts,
    apiKey: provider.apiKey,
    baseUrl: provider.baseUrl ?? defaultBaseUrl(idOf(provider)),
    contextTokens: provider.contextTokens ?? price?.contextTokens ?? UNKNOWN_CONTEXT_TOKENS,
  };
  return provider.kind === "anthropic"
    ? createAnthropicModel({ ...shared, thinking: provider.thinking, effort: provider.effort })
    : createOpenAiModel({ ...shared, provider: provider.name, headers: provider.headers });
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
  return provider.models[tier] ?? provider.models.base ?? defaultModel(idOf(provider), tier);
}

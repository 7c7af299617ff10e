import type { Tier } from "../../core/model.ts";
import { defaultModel } from "../../llm/provider-defaults.ts";
import { flag, headerText, httpUrl, list, anyText, oneOf, wholeNumber } from "../parsers.ts";
import { optional, secret, withDefault, type Variable } from "../variable.ts";

const PROVIDERS = ["openrouter", "nanogpt", "openai", "anthropic", "demo"] as const;

const seconds = wholeNumber(1, 3_600);

type ModelVariables<Prefix extends string> = Readonly<
  Record<`${Prefix}_MODEL` | `${Prefix}_MODEL_${Uppercase<Tier>}`, Variable<string | null>>
>;

const TIERS = ["high", "mid", "low"] as const;

/** The base model of a provider and one for each tier. */
function modelsOf<Prefix extends string>(prefix: Prefix, provider: string): ModelVariables<Prefix> {
  const base = optional("The model for every tier that has none of its own", anyText);
  const tiers = TIERS.map((tier) => [
    `${prefix}_MODEL_${tier.toUpperCase()}`,
    optional(
      `The model for the ${tier} tier. Not set: ${prefix}_MODEL, or ${defaultModel(provider, tier)}`,
      anyText,
    ),
  ]);
  return Object.fromEntries([[`${prefix}_MODEL`, base], ...tiers]) as ModelVariables<Prefix>;
}

export const modelVariables = {
  LLM_PROVIDER: optional(
    "Who answers. Not set: the provider that has a key; openrouter when several have one; demo when none has",
    oneOf(PROVIDERS),
  ),
  LLM_FALLBACK: optional(
    "Asked in this order when the first provider fails, for example anthropic,openrouter/anthropic/claude-haiku-4.5",
    list,
  ),

  OPENROUTER_API_KEY: secret("From https://openrouter.ai/keys"),
  ...modelsOf("OPENROUTER", "openrouter"),
  OPENROUTER_SITE: withDefault(
    "http://localhost:3000",
    "Your site, as OpenRouter lists it",
    headerText,
  ),
  OPENROUTER_TITLE: withDefault("Clara", "Your app's name, as OpenRouter lists it", headerText),

  ANTHROPIC_API_KEY: secret("From https://console.anthropic.com"),
  ...modelsOf("ANTHROPIC", "anthropic"),
  ANTHROPIC_BASE_URL: optional("A proxy that speaks Anthropic's own interface", httpUrl),
  ANTHROPIC_MAX_TOKENS: optional(
    "Tokens of one answer when Anthropic answers; instead of CLARA_MAX_OUTPUT_TOKENS",
    wholeNumber(256, 128_000),
  ),
  ANTHROPIC_THINKING: optional(
    "adaptive: the model decides how much it thinks. enabled: up to half of the answer's tokens",
    oneOf(["adaptive", "enabled"]),
  ),
  ANTHROPIC_EFFORT: optional(
    "How much work the model puts into an answer: low, medium, high, xhigh or max",
    oneOf(["low", "medium", "high", "xhigh", "max"]),
  ),
  ANTHROPIC_CACHE_SYSTEM: optional(
    "Nothing: her prompts are always cached at Anthropic. Still known, for old settings",
    anyText,
  ),

  NANOGPT_API_KEY: secret("From https://nano-gpt.com/api"),
  ...modelsOf("NANOGPT", "nanogpt"),

  CUSTOM_OPENAI_API_KEY: secret(
    "For OpenAI or any compatible server; one at home often needs none",
  ),
  CUSTOM_OPENAI_BASE_URL: optional(
    "A compatible server, for example http://localhost:11434/v1 for Ollama. Not set: OpenAI's own",
    httpUrl,
  ),
  ...modelsOf("CUSTOM_OPENAI", "openai"),
  CF_ACCESS_CLIENT_ID: secret(
    "When CUSTOM_OPENAI_BASE_URL or ANTHROPIC_BASE_URL is behind Cloudflare Access",
  ),
  CF_ACCESS_CLIENT_SECRET: secret("Belongs to CF_ACCESS_CLIENT_ID"),

  MODEL_TIER: withDefault(
    "mid",
    "The tier when a message does not ask for one: high, mid or low",
    oneOf(["high", "mid", "low"]),
  ),
  AUTO_TIER_SELECTION: withDefault("off", "Let a tiny call choose the tier of each message", flag),
  LLM_FIRST_BYTE_TIMEOUT_SECONDS: withDefault(
    "60",
    "How long a provider may be silent before its answer begins; a model at home may need minutes to load",
    seconds,
  ),
  LLM_IDLE_TIMEOUT_SECONDS: withDefault(
    "60",
    "How long a provider may be silent in the middle of an answer",
    seconds,
  ),
  LLM_TIMEOUT_SECONDS: withDefault("600", "How long one answer may take in all", seconds),
  LLM_PRICES_FILE: optional(
    "A JSON file with prices of your own, in the form of src/llm/prices.json",
    anyText,
  ),
};

import type { Tier } from "../core/model.ts";

interface Defaults {
  readonly baseUrl: string;
  readonly models: Readonly<Record<Tier, string>>;
}

const DEFAULTS: Readonly<Record<string, Defaults>> = {
  anthropic: {
    baseUrl: "https://api.anthropic.com",
    models: { high: "claude-opus-4-5", mid: "claude-sonnet-4-5", low: "claude-haiku-4-5" },
  },
  openrouter: {
    baseUrl: "https://openrouter.ai/api/v1",
    models: {
      high: "anthropic/claude-opus-4.5",
      mid: "anthropic/claude-sonnet-4.5",
      low: "anthropic/claude-haiku-4.5",
    },
  },
  nanogpt: {
    baseUrl: "https://nano-gpt.com/api/v1",
    models: {
      high: "moonshotai/Kimi-K2-Instruct-0905",
      mid: "moonshotai/Kimi-K2-Instruct-0905",
      low: "moonshotai/Kimi-K2-Instruct-0905",
    },
  },
  openai: {
    baseUrl: "https://api.openai.com/v1",
    models: { high: "gpt-5", mid: "gpt-4o", low: "gpt-4o-mini" },
  },
};

/** Throws for a provider of the operator's own: only they know where it is. */
export function defaultBaseUrl(provider: string): string {
  const found = DEFAULTS[provider];
  if (!found)
    throw new Error(
      `The provider "${provider}" needs a base URL, for example http://localhost:11434/v1.`,
    );
  return found.baseUrl;
}

/** Throws for a provider of the operator's own: only they know what it serves. */
export function defaultModel(provider: string, tier: Tier): string {
  const found = DEFAULTS[provider];
  if (!found) throw new Error(`The provider "${provider}" needs the name of a model.`);
  return found.models[tier];
}

import type { Tier } from "../core/model.ts";

interface Defaults {
  readonly baseUrl: string;
  readonly models: Readonly<Record<Tier, string>>;
}

/**
 * The families that the original had (Opus, Sonnet, Haiku; GPT; Kimi) in their present generation: by the end of 2026
 * its own defaults no longer answer. https://platform.claude.com/docs/en/about-claude/model-deprecations
 * https://developers.openai.com/api/docs/deprecations
 */
const DEFAULTS: Readonly<Record<string, Defaults>> = {
  anthropic: {
    baseUrl: "https://api.anthropic.com",
    models: { high: "claude-opus-5-5", mid: "claude-sonnet-5-5", low: "claude-haiku-5-5" },
  },
  openrouter: {
    baseUrl: "https://openrouter.ai/api/v1",
    models: {
      high: "anthropic/claude-opus-5.5",
      mid: "anthropic/claude-sonnet-5.5",
      low: "anthropic/claude-haiku-5.5",
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
    models: { high: "gpt-6.1-sol", mid: "gpt-6.1-terra", low: "gpt-6-luna" },
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

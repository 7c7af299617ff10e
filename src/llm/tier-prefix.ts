import type { Tier } from "../core/model.ts";

const TIERS: Readonly<Record<string, Tier>> = {
  high: "high",
  opus: "high",
  mid: "mid",
  sonnet: "mid",
  low: "low",
  haiku: "low",
  fast: "low",
};

const PREFIX = new RegExp(`^\\s*!(${Object.keys(TIERS).join("|")})(?:\\s+|$)`, "i");

/** What a person asked for with `!high`, `!fast` and the like before a message, and the message without it. */
export function parseTierPrefix(text: string): {
  readonly tier: Tier | null;
  readonly text: string;
} {
  const [prefix = "", name = ""] = PREFIX.exec(text) ?? [];
  return { tier: TIERS[name.toLowerCase()] ?? null, text: text.slice(prefix.length) };
}

import type { Usage } from "../core/model.ts";

/** No provider has a window near this. */
const MAX_TOKENS = 20_000_000;
/** No call costs near this. */
const MAX_COST_USD = 1_000;

/** Figures from outside: a negative or absurd one must not turn into money, nor stop the turn. */
export function saneUsage(usage: Usage): Usage {
  const { costUsd: cost } = usage;
  return {
    inputTokens: saneCount(usage.inputTokens),
    cachedInputTokens: saneCount(usage.cachedInputTokens),
    cacheWriteTokens: saneCount(usage.cacheWriteTokens),
    outputTokens: saneCount(usage.outputTokens),
    costUsd: cost !== null && cost >= 0 && cost <= MAX_COST_USD ? cost : null,
    estimated: usage.estimated,
  };
}

const saneCount = (count: number): number =>
  Number.isFinite(count) ? Math.min(Math.max(0, Math.round(count)), MAX_TOKENS) : 0;

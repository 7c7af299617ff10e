import type { ModelMessage, ModelRequest, Usage } from "../core/model.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { costOf, type Price } from "./prices.ts";

/** No provider has a window near this; a larger count is a provider's mistake. */
const MAX_SANE_TOKENS = 20_000_000;
const TOKENS_PER_IMAGE = 1_600;
const TOKENS_PER_MESSAGE = 4;

/** What a provider counted. `null` where it said nothing. */
export interface Counted {
  /** All input, cached or not. */
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  /** The provider's own figure, which beats any price list. */
  readonly costUsd?: number | null;
}

/** Trusts a provider's counts when they can be true, and estimates otherwise. */
export function toUsage(
  counted: Counted | null,
  { request, output, price }: { request: ModelRequest; output: string; price: Price | null },
): Usage {
  if (counted === null || !isSane(counted)) return estimateUsage(request, output, price);
  const counts = {
    inputTokens: counted.inputTokens ?? 0,
    cachedInputTokens: counted.cachedInputTokens ?? 0,
    cacheWriteTokens: counted.cacheWriteTokens ?? 0,
    outputTokens: counted.outputTokens ?? 0,
  };
  const given = counted.costUsd ?? null;
  const costUsd = given !== null && given >= 0 ? given : costOf(counts, price);
  return { ...counts, costUsd, estimated: false };
}

/** Counts for a call that gave none. */
export function estimateUsage(request: ModelRequest, output: string, price: Price | null): Usage {
  const counts = {
    inputTokens: estimateInput(request),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: estimateTokens(output),
  };
  return { ...counts, costUsd: costOf(counts, price), estimated: true };
}

function isSane({
  inputTokens,
  cachedInputTokens,
  cacheWriteTokens,
  outputTokens,
}: Counted): boolean {
  const counts = [inputTokens, cachedInputTokens ?? 0, cacheWriteTokens ?? 0, outputTokens];
  const areCounts = counts.every(
    (count) => count !== null && Number.isInteger(count) && count >= 0 && count <= MAX_SANE_TOKENS,
  );
  const cached = (cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0);
  // Some servers say 0 where they mean "not counted", and no request is empty.
  return areCounts && inputTokens !== 0 && cached <= (inputTokens ?? 0);
}

function estimateInput({ system, messages, tools }: ModelRequest): number {
  const texts = [...system.map(({ text }) => text), ...tools.map((tool) => JSON.stringify(tool))];
  const fixed = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return messages.reduce((sum, message) => sum + estimateMessage(message), fixed);
}

function estimateMessage(message: ModelMessage): number {
  switch (message.role) {
    case "user":
      return message.content.reduce(
        (sum, part) => sum + (part.type === "text" ? estimateTokens(part.text) : TOKENS_PER_IMAGE),
        TOKENS_PER_MESSAGE,
      );
    case "assistant":
      return TOKENS_PER_MESSAGE + estimateTokens(message.text + JSON.stringify(message.calls));
    case "tool":
      return message.answers.reduce(
        (sum, { text }) => sum + estimateTokens(text),
        TOKENS_PER_MESSAGE,
      );
  }
}

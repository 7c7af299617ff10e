import type { MessageId } from "../core/ids.ts";
import type { Fact } from "../core/memory.ts";
import type { TranscriptMessage } from "../core/message.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { overlap } from "./sameness.ts";
import { wordsOf } from "./words.ts";

/** Of what was said earlier. */
const MESSAGE_TOKENS = 900;
export const MAX_MESSAGES = 12;
/** A line that shares so much with a better one says nothing new. */
const TOO_ALIKE = 0.7;
/** The label of an item and what stands around it. */
const TOKENS_PER_ITEM = 14;

/** The first that fit together, and smaller ones behind them. */
export function within<Item>(
  items: readonly Item[],
  maxTokens: number,
  textOf: (item: Item) => string,
): readonly Item[] {
  let tokens = 0;
  return items.filter((item) => {
    const more = estimateTokens(textOf(item)) + TOKENS_PER_ITEM;
    if (tokens + more > maxTokens) return false;
    tokens += more;
    return true;
  });
}

/** Without what a better one says in nearly the same words. */
export function differing(facts: readonly Fact[], given: readonly Fact[]): readonly Fact[] {
  const words = given.map(({ text }) => new Set(wordsOf(text)));
  return facts.filter(({ text }) => {
    const own = new Set(wordsOf(text));
    if (words.some((other) => overlap(own, other) > TOO_ALIKE)) return false;
    words.push(own);
    return true;
  });
}

/** The best that fit, in the order in which they were said. */
export function fitMessages(
  messages: readonly TranscriptMessage[],
  ranked: readonly MessageId[],
  facts: readonly Fact[],
): readonly TranscriptMessage[] {
  const proofs = new Set<string>(facts.flatMap(({ sources }) => sources));
  const words: ReadonlySet<string>[] = [];
  const differingLines = ranked
    .flatMap((id) => messages.find((message) => message.id === id) ?? [])
    .filter(({ id, text }) => {
      const own = new Set(wordsOf(text));
      // A fact tells what its proof tells, in fewer words.
      if (proofs.has(id) || words.some((other) => overlap(own, other) > TOO_ALIKE)) return false;
      words.push(own);
      return true;
    });
  const kept = within(differingLines, MESSAGE_TOKENS, ({ text }) => text).slice(0, MAX_MESSAGES);
  return kept.toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}

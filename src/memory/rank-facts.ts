import type { ShelvedFact } from "../core/memory.ts";
import { retention } from "./strength.ts";
import { dateText, type TimeSpan } from "./time-words.ts";
import { best, bm25, createWordIndex, type Query, type WordIndex } from "./word-index.ts";
import { wordsOf } from "./words.ts";

/** Each at most so much of a fact's score, up or down: the words decide, and these between equals. */
const STRENGTH_SHARE = 0.15;
const RECENCY_SHARE = 0.1;
const KEY_BOOST = 0.15;
const TIME_BOOST = 0.3;
const RECENCY_HALF_LIFE_DAYS = 90;
const DAY_MS = 86_400_000;

export interface FactShelf {
  readonly facts: readonly ShelvedFact[];
  readonly words: WordIndex;
  /** Those that their owner is always given, and those that matter in nearly every talk; newest first. */
  readonly alwaysOn: readonly ShelvedFact[];
  readonly keys: readonly ShelvedFact[];
}

export function createFactShelf(facts: readonly ShelvedFact[]): FactShelf {
  const words = createWordIndex();
  for (const [index, { text, subject, kind, at }] of facts.entries())
    words.add(index, wordsOf(`${subject} ${text} ${kind === "other" ? "" : kind} ${dateText(at)}`));
  const newest = facts.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return {
    facts,
    words,
    alwaysOn: newest.filter(({ isAlwaysOn }) => isAlwaysOn),
    keys: newest.filter(({ isKey }) => isKey),
  };
}

export interface RankedFact {
  readonly fact: ShelvedFact;
  readonly score: number;
  readonly coverage: number;
}

/** Best first, at most `limit`; scores are 0 to about 1.5. A fact that stands on several shelves comes once. */
export function rankFacts(
  shelves: readonly FactShelf[],
  query: Query,
  { span, now, limit }: { span: TimeSpan | null; now: Date; limit: number },
): readonly RankedFact[] {
  const { scores, coverage } = bm25(
    shelves.map(({ words }) => words),
    query,
  );
  const highest = Math.max(...scores.map((each) => each.reduce((a, b) => Math.max(a, b), 0))) || 1;
  const ranked = new Map<string, RankedFact>();
  for (const [which, { facts }] of shelves.entries()) {
    for (const index of best(scores[which]!, limit * 2)) {
      const fact = facts[index]!;
      const share = scores[which]![index]! / highest;
      const isWithin = span !== null && fact.at >= span.from && fact.at < span.to;
      const score =
        share * (weightOf(fact, now) + (fact.isKey ? KEY_BOOST : 0)) + (isWithin ? TIME_BOOST : 0);
      ranked.set(fact.id, { fact, score, coverage: coverage[which]![index]! });
    }
  }
  return [...ranked.values()]
    .toSorted((a, b) => b.score - a.score || b.fact.at.getTime() - a.fact.at.getTime())
    .slice(0, limit);
}

function weightOf(fact: ShelvedFact, now: Date): number {
  const days = Math.max(0, now.getTime() - fact.at.getTime()) / DAY_MS;
  const recency = 0.5 ** (days / RECENCY_HALF_LIFE_DAYS);
  return 1 + STRENGTH_SHARE * (2 * retention(fact, now) - 1) + RECENCY_SHARE * (2 * recency - 1);
}

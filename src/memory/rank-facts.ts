import type { ShelvedFact } from "../core/recall.ts";
import { retention } from "./strength.ts";
import { dateText, type TimeSpan } from "./time-words.ts";
import { best, bm25, createWordIndex, type Query, type WordIndex } from "../lib/word-index.ts";
import { wordsOf } from "./words.ts";

/** Each at most so much of a fact's score, up or down: the words decide, and these between equals. */
const STRENGTH_SHARE = 0.15;
const RECENCY_SHARE = 0.1;
const KEY_BOOST = 0.15;
const TIME_BOOST = 0.3;
const RECENCY_HALF_LIFE_DAYS = 90;
/** What meaning counts beside the words. */
const NEARNESS_SHARE = 1;
/** Cosines of texts that have nothing to do with each other, and of two that say the same; for text-embedding-3. */
const UNRELATED_COSINE = 0.15;
const SAME_COSINE = 0.75;
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
  /** 0 to 1: how near it is by its meaning; 0 without vectors. */
  readonly nearness: number;
}

export interface FactOptions {
  readonly span: TimeSpan | null;
  readonly now: Date;
  readonly limit: number;
  /** Of the question; null when there is none, or it came too late. */
  readonly vector: Float32Array | null;
}

/** Best first, at most `limit`; scores are 0 to about 1.5. A fact that stands on several shelves comes once. */
export function rankFacts(
  shelves: readonly FactShelf[],
  query: Query,
  { span, now, limit, vector }: FactOptions,
): readonly RankedFact[] {
  const { scores, coverage } = bm25(
    shelves.map(({ words }) => words),
    query,
  );
  const highest = Math.max(...scores.map((each) => each.reduce((a, b) => Math.max(a, b), 0))) || 1;
  const ranked = new Map<string, RankedFact>();
  for (const [which, { facts }] of shelves.entries()) {
    const near = vector === null ? NONE : nearnessOf(facts, vector);
    // By words and by meaning apart: what only one of them finds may be the best all the same.
    const found = new Set([...best(scores[which]!, limit * 2), ...best(near, limit)]);
    for (const index of found) {
      const fact = facts[index]!;
      const nearness = near[index] ?? 0;
      const share = scores[which]![index]! / highest + NEARNESS_SHARE * nearness;
      const isWithin = span !== null && fact.at >= span.from && fact.at < span.to;
      const score =
        share * (weightOf(fact, now) + (fact.isKey ? KEY_BOOST : 0)) + (isWithin ? TIME_BOOST : 0);
      ranked.set(fact.id, { fact, score, coverage: coverage[which]![index]!, nearness });
    }
  }
  return [...ranked.values()]
    .toSorted((a, b) => b.score - a.score || b.fact.at.getTime() - a.fact.at.getTime())
    .slice(0, limit);
}

const NONE = new Float64Array();

/** Exact, over all facts of the shelf: 1 ms for a thousand. Spread out to 0 to 1, since cosines of texts are close together. */
function nearnessOf(facts: readonly ShelvedFact[], vector: Float32Array): Float64Array {
  const near = new Float64Array(facts.length);
  for (const [index, { vector: other }] of facts.entries()) {
    if (other?.length !== vector.length) continue;
    let cosine = 0;
    for (let at = 0; at < vector.length; at++) cosine += vector[at]! * other[at]!;
    near[index] = Math.max(
      0,
      Math.min(1, (cosine - UNRELATED_COSINE) / (SAME_COSINE - UNRELATED_COSINE)),
    );
  }
  return near;
}

function weightOf(fact: ShelvedFact, now: Date): number {
  const days = Math.max(0, now.getTime() - fact.at.getTime()) / DAY_MS;
  const recency = 0.5 ** (days / RECENCY_HALF_LIFE_DAYS);
  return 1 + STRENGTH_SHARE * (2 * retention(fact, now) - 1) + RECENCY_SHARE * (2 * recency - 1);
}

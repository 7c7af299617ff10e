/** BM25: how soon more of the same word counts no more, and how much a long text is held back. */
const K1 = 1.2;
const B = 0.75;

/** Which documents hold which words. Documents are numbered from 0. */
export interface WordIndex {
  /** Adds words to a document, which may have some already. */
  readonly add: (document: number, words: readonly string[]) => void;
  /** One more than the highest document. */
  readonly size: () => number;
  /** Documents that have words. */
  readonly count: () => number;
  readonly totalLength: () => number;
  readonly lengthOf: (document: number) => number;
  /** Pairs of document and how often it holds the word, one behind the other. */
  readonly holders: (word: string) => readonly number[];
}

export function createWordIndex(): WordIndex {
  const postings = new Map<string, number[]>();
  const lengths: number[] = [];
  let documents = 0;
  let total = 0;
  return {
    add(document, words) {
      if ((lengths[document] ?? 0) === 0 && words.length > 0) documents++;
      while (lengths.length <= document) lengths.push(0);
      lengths[document] = (lengths[document] ?? 0) + words.length;
      total += words.length;
      for (const word of words) {
        const held = postings.get(word);
        if (!held) postings.set(word, [document, 1]);
        else if (held[held.length - 2] === document) held[held.length - 1]! += 1;
        else held.push(document, 1);
      }
    },
    size: () => lengths.length,
    count: () => documents,
    totalLength: () => total,
    lengthOf: (document) => lengths[document] ?? 0,
    holders: (word) => postings.get(word) ?? [],
  };
}

/** A question's words with what each is worth. */
export type Query = ReadonlyMap<string, number>;

/** Of a question; what comes later is not looked for. */
const MAX_QUERY_WORDS = 64;

export const toQuery = (words: readonly string[], maxWords = MAX_QUERY_WORDS): Query =>
  new Map([...new Set(words)].slice(0, maxWords).map((word) => [word, 1]));

export interface Scores {
  /** By document; 0 for none. One list for each index. */
  readonly scores: readonly Float64Array[];
  /** 0 to 1 for each document: how much of what the question asks for it holds, rare words counting more. */
  readonly coverage: readonly Float64Array[];
}

/** Ranks the documents of several indexes as if they were one: what is rare is rare in all of them together. */
export function bm25(indexes: readonly WordIndex[], query: Query): Scores {
  const count = sum(indexes.map((index) => index.count()));
  const average = sum(indexes.map((index) => index.totalLength())) / Math.max(1, count);
  const scores = indexes.map((index) => new Float64Array(index.size()));
  const coverage = indexes.map((index) => new Float64Array(index.size()));
  let asked = 0;
  for (const [word, weight] of query) {
    const held = indexes.map((index) => index.holders(word));
    const frequency = sum(held.map(({ length }) => length / 2));
    const rarity = weight * Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
    asked += rarity;
    for (const [which, index] of indexes.entries())
      addScores(index, held[which]!, rarity, average, scores[which]!, coverage[which]!);
  }
  if (asked > 0)
    for (const each of coverage) for (let at = 0; at < each.length; at++) each[at]! /= asked;
  return { scores, coverage };
}

/** The one loop that is long. */
function addScores(
  index: WordIndex,
  holders: readonly number[],
  rarity: number,
  average: number,
  scores: Float64Array,
  coverage: Float64Array,
): void {
  for (let at = 0; at < holders.length; at += 2) {
    const document = holders[at]!;
    const times = holders[at + 1]!;
    const length = 1 - B + (B * index.lengthOf(document)) / average;
    scores[document]! += (rarity * times * (K1 + 1)) / (times + K1 * length);
    coverage[document]! += rarity;
  }
}

const BUCKETS = 256;

/** The documents with the highest scores above 0, best first. Sorts few of them, however many there are. */
export function best(
  scores: Float64Array,
  limit: number,
  ofEquals: "earlier" | "later" = "later",
): readonly number[] {
  const highest = scores.reduce((a, b) => Math.max(a, b), 0);
  if (highest === 0) return [];
  const bucketOf = (score: number) =>
    Math.min(BUCKETS - 1, Math.floor((score / highest) * BUCKETS));
  const counts = new Uint32Array(BUCKETS);
  for (const score of scores) if (score > 0) counts[bucketOf(score)]! += 1;
  let least = BUCKETS - 1;
  for (let sum = counts[least]!; sum < limit && least > 0;) sum += counts[--least]!;
  const found: number[] = [];
  for (let document = 0; document < scores.length; document++)
    if (scores[document]! > 0 && bucketOf(scores[document]!) >= least) found.push(document);
  const later = ofEquals === "later" ? 1 : -1;
  return found.sort((a, b) => scores[b]! - scores[a]! || later * (b - a)).slice(0, limit);
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);

import { createHash } from "node:crypto";
import { wordsOf } from "./words.ts";

/** Of the words of both together: two facts that share so many are one, unless a number or a "not" differs. */
const SAME_SHARE = 0.8;
const NEGATION =
  /\b(?:no|not|never|none|without|stopped|quit|cannot|kein\w*|nicht|nie|ne|pas|jamais)\b|n't\b/giu;
const NUMBER = /\p{N}+/gu;

/** Of the words alone, so that case, blanks and marks do not matter. */
export const hashOf = (text: string, subject: string): string =>
  createHash("sha256")
    .update(`${plain(subject)}\n${plain(text)}`)
    .digest("base64url")
    .slice(0, 32);

const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")
    .trim();

/** True when both say the same in nearly the same words. */
export function saysTheSame(one: string, other: string): boolean {
  if (count(one, NEGATION) !== count(other, NEGATION)) return false;
  if (numbers(one) !== numbers(other)) return false;
  return overlap(new Set(wordsOf(one)), new Set(wordsOf(other))) >= SAME_SHARE;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const numbers = (text: string): string => (text.match(NUMBER) ?? []).toSorted().join();

/** 0 to 1: shared words of all words. */
export function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size === 0 || other.size === 0) return 0;
  let shared = 0;
  for (const word of one) if (other.has(word)) shared++;
  return shared / (one.size + other.size - shared);
}

/**
 * What a sentence of a known form answers, for example "my cat" of "My cat is called Tom": another answer takes its
 * place. null for all other sentences, which may well stand side by side.
 */
export function slotOf(text: string): string | null {
  for (const [pattern, name] of SLOTS) {
    const found = pattern.exec(text.trim());
    if (found) return name ?? plain(found[1] ?? "");
  }
  return null;
}

const SLOTS: readonly (readonly [RegExp, string | null])[] = [
  [/^(?:please )?call me /iu, "my name"],
  [/^i(?:'m| am) called /iu, "my name"],
  [/^i (?:now )?live (?:in|at|near) /iu, "home"],
  [/^i(?:'ve| have)? moved to /iu, "home"],
  [/^i (?:now )?work (?:at|for|as) /iu, "work"],
  [
    /^(?:please )?(?:always )?(?:answer|reply|speak|write)(?: to)?(?: me)? in \p{L}+\.?$/iu,
    "language",
  ],
  [/^(my [\p{L}\p{N}' -]{2,60}?) (?:is|are|was) /iu, null],
];

const MIN_ROOT_CHARS = 4;

/** Rather too much than too little: "children" and "childhood" are of "child". */
const isFormOf = (word: string, root: string): boolean =>
  word === root || (root.length >= MIN_ROOT_CHARS && word.startsWith(root));

/** True when a text touches what somebody never wants learnt. */
export function touches(text: string, never: readonly string[]): boolean {
  const words = wordsOf(text);
  const flat = plain(text);
  return never.some((phrase) => {
    const wanted = wordsOf(phrase);
    if (wanted.length > 0)
      return wanted.every((part) => words.some((word) => isFormOf(word, part)));
    return plain(phrase) !== "" && flat.includes(plain(phrase));
  });
}

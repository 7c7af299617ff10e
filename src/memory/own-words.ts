import { wordsOf } from "./words.ts";

const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
/** Longer than a title: somebody else's words. */
const LONG_QUOTATION = /["“„«][^"“”„«»\n]{40,}["”“»]/gu;

/** What a person said himself: without what he quotes, pastes as code, or forwards. */
export const ownWords = (text: string): string =>
  text
    .replace(CODE, " ")
    .split("\n")
    .filter((line) => !/^\s*(?:>|-# )/.test(line))
    .join("\n")
    .replace(LONG_QUOTATION, " ")
    .trim();

/** True when a question may be about the one who asks it. */
export const isAboutSelf = (question: string): boolean =>
  /\b(?:i|me|my|mine|i'm|i've)\b/i.test(question);

/** True when the fact has at least one of the words that were said: what has none was made up, or came from others. */
export function isGrounded(fact: string, said: string): boolean {
  const words = new Set(wordsOf(said));
  return wordsOf(fact).some((word) => words.has(word));
}

/** True when every word of the name was said: a half of it may be another's. */
export function isNamed(name: string, said: string): boolean {
  const words = new Set(wordsOf(said));
  const parts = wordsOf(name);
  return parts.length > 0 && parts.every((part) => words.has(part));
}

import { stemmer } from "stemmer";

/** Longer ones are no words but data. */
const MAX_WORD_CHARS = 40;
/** Of one text; what comes later is not looked for. */
const MAX_WORDS = 2_000;
/** Stems of the words that come again and again. */
const MAX_KNOWN_STEMS = 20_000;

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu;
/** Written without blanks: every two neighbours are a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
const LATIN = /^[a-z]+$/;

/** What says nothing by itself, in English. Names, numbers and words of other languages stay: rare is rare anywhere. */
const STOP_WORDS = new Set(
  `a about above after again all am an and any are aren't as at be because been before being below between both but by
  can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further had
  hadn't has hasn't have haven't having he her here hers herself him himself his how i i'd i'll i'm i've if in into is
  isn't it it's its itself just let's me more most my myself no nor not of off on once only or other ought our ours out
  over own same shall she should shouldn't so some such than that that's the their theirs them themselves then there
  these they they're this those through to too under until up very was wasn't we we're were weren't what what's when
  where which while who whom whose why will with won't would wouldn't you you're your yours yourself`
    .trim()
    .split(/\s+/),
);

const stems = new Map<string, string>();

/** The words of a text as they are looked for: lower case, without endings, without what says nothing; in order. */
export function wordsOf(text: string): readonly string[] {
  const found: string[] = [];
  for (const [raw] of text.normalize("NFKC").matchAll(WORD)) {
    if (found.length >= MAX_WORDS) break;
    const word = raw.toLowerCase().replace("’", "'");
    if (UNSPACED.test(word)) found.push(...pairsOf(word));
    else if (!STOP_WORDS.has(word) && word.length <= MAX_WORD_CHARS) found.push(stemOf(word));
  }
  return found;
}

function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const bare = word.replace(/'\p{L}+$/u, "");
  // Porter's rules are for English; accents show another language, where an ending more or less is no harm.
  const stem = LATIN.test(bare) ? stemmer(bare) : bare.normalize("NFD").replace(/\p{M}+/gu, "");
  if (stems.size >= MAX_KNOWN_STEMS) stems.clear();
  stems.set(word, stem);
  return stem;
}

function pairsOf(word: string): readonly string[] {
  const letters = Array.from(word);
  return letters.length === 1
    ? letters
    : letters.slice(1).map((letter, index) => `${letters[index] ?? ""}${letter}`);
}

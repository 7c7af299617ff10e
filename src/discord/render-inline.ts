import { latexToText, looksLikeLatex } from "./render-latex.ts";
import { MAX_UNIT } from "./render-unit.ts";

/** A piece of a line that is better not cut: a word with the spaces behind it, a link, a formula. */
export interface Token {
  /** In the answer's own text. */
  readonly raw: string;
  /** As Discord can show it. */
  readonly shown: string;
  readonly isWord: boolean;
}

interface Construct {
  /** Sticky. */
  readonly pattern: RegExp;
  /** null when it is something else after all. */
  readonly show: (match: RegExpExecArray) => string | null;
}

const asItIs = ([raw]: RegExpExecArray): string => raw;

const formula = ([, source = ""]: RegExpExecArray): string | null =>
  looksLikeLatex(source) ? `\`${latexToText(source).replace(/\s+/g, " ") || source}\`` : null;

/** By first character. A construct never reaches over a blank line. */
const CONSTRUCTS: Readonly<Record<string, readonly Construct[]>> = {
  "`": [{ pattern: /(?<!`)(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/y, show: asItIs }],
  "<": [
    { pattern: /<!--(?:[^\n]|\n(?![ \t]*\n))*?-->/y, show: () => "" },
    { pattern: /<br ?\/?>/iy, show: () => "\n" },
    { pattern: /<[a-z@#/:][^\s<>]*>/iy, show: asItIs },
  ],
  "!": [
    {
      pattern: /!\[([^\]\n]*)\]\(\s*<?([^\s<>()]+)>?(?:\s+"[^"\n]*")?\s*\)/y,
      show: ([, words = "", url = ""]) => pictureLink(words.trim(), url),
    },
  ],
  "[": [
    {
      pattern: /\[(?:[^[\]\n]|\[[^[\]\n]*\])*\]\((?:[^()\s]|\([^()\s]*\))*(?:[ \t]+"[^"\n]*")?\)/y,
      show: asItIs,
    },
  ],
  // As pandoc has it: no space within the signs, and nothing that makes it a price or a variable behind them.
  $: [
    { pattern: /\$\$((?:[^$\n]|\n(?![ \t]*\n))+)\$\$/y, show: formula },
    { pattern: /\$(?![\s$])([^$\n]*[^$\s])\$(?!\w)/y, show: formula },
  ],
  "\\": [
    { pattern: /\\\(([^\n]+?)\\\)/y, show: formula },
    { pattern: /\\\[((?:[^\n]|\n(?![ \t]*\n))+?)\\\]/y, show: formula },
  ],
};

/** Any one character and what belongs to it: letters, full stops of scripts without spaces, spaces, the line's end. */
const WORD = /(?:\n|(?:\\[^\n]|[^\n])[^\s`<![$\\。！？]*[。！？]*[ \t]*\n?)/uy;

/** The token that begins at `at`, which lies within the text. Longer links, formulas and the like count as words. */
export function tokenAt(text: string, at: number): Token {
  for (const { pattern, show } of CONSTRUCTS[text[at] ?? ""] ?? []) {
    const match = matchAt(pattern, text, at);
    const shown = match && match[0].length <= MAX_UNIT ? show(match) : null;
    if (match && shown !== null) return { raw: match[0], shown, isWord: false };
  }
  const raw = matchAt(WORD, text, at)?.[0] ?? text.slice(at);
  return { raw, shown: raw, isWord: true };
}

/** A whole piece of text as Discord can show it, for places where nothing is cut. */
export function inlineToDiscord(text: string): string {
  let shown = "";
  for (let at = 0; at < text.length;) {
    const token = tokenAt(text, at);
    shown += token.shown;
    at += token.raw.length;
  }
  return shown;
}

/** The match of a sticky pattern at this place. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Discord makes links of web addresses only. */
function pictureLink(words: string, url: string): string {
  if (words === "") return url;
  return /^https?:\/\//i.test(url) ? `[${words}](${url})` : `${words} (${url})`;
}

import { isBlank, piecesOf } from "./render-characters.ts";
import { inlineToDiscord, matchAt, tokenAt } from "./render-inline.ts";
import { latexToText, looksLikeLatex } from "./render-latex.ts";
import type { OpenLine, Unit } from "./render-unit.ts";
import { AT_START, lineAt, MAX_UNIT, PIECE, RANK } from "./render-unit.ts";

const DEEP_HEADING = /^ {0,3}#{4,6}[ \t]+(\S[^\n]*)/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*\n?$/;
const SHOWN_RULE = "──────────\n";
/** These may take several lines, but reach over no empty one. */
const COMMENT = /[ \t]*<!--(?:[^\n]|\n(?![ \t]*\n))*?-->[ \t]*(?:\n|$)/y;
const FORMULA = /[ \t]*(?:\$\$|\\\[)((?:[^$\n]|\n(?![ \t]*\n))+?)(?:\$\$|\\\])[ \t]*(?:\n|$)/y;

/** What stands alone on its lines and is something else on Discord: a rule, a deep heading, a formula, a comment. */
export function lineUnit(text: string, at: number): Unit | null {
  const line = lineAt(text, at);
  const heading = DEEP_HEADING.exec(line)?.[1];
  if (heading !== undefined) {
    const words = heading.trimEnd().replace(/[ \t]#+$/, "");
    const shown = `**${inlineToDiscord(words).replaceAll("**", "")}**\n`;
    return whole(line, shown, RANK.awkward);
  }
  if (RULE.test(line)) return whole(line, SHOWN_RULE, RANK.line);
  const comment = matchAt(COMMENT, text, at);
  if (comment) return whole(comment[0], "", RANK.line);
  const [raw, source = ""] = matchAt(FORMULA, text, at) ?? [];
  if (raw === undefined || !looksLikeLatex(source)) return null;
  const formula = latexToText(source) || source.trim();
  return whole(raw, `\`\`\`\n${formula}\n\`\`\`\n`, RANK.line);
}

/** null when it is too long to be kept in one. */
const whole = (raw: string, shown: string, rank: number): Unit | null =>
  raw.length > MAX_UNIT ? null : { kind: "text", shown, length: raw.length, rank, after: AT_START };

const QUOTE = /^(?:>[ \t]*)*>(?:[ \t]+|(?=\n|$))/;
const SMALL = /^-# /;
const TASK = /^([ \t]*(?:[-*+]|\d+[.)]) )\[([ xX])\] /;

/** The beginning of a quote, a small line or a task; null for other lines. Discord knows quotes of one level only. */
export function startOfLine(text: string, at: number): Unit | null {
  const line = lineAt(text, at);
  const quote = QUOTE.exec(line);
  if (quote) return start(quote[0], "> ", "> ");
  const small = SMALL.exec(line);
  if (small) return start(small[0], "-# ", "-# ");
  const task = TASK.exec(line);
  return task && start(task[0], `${task[1]}${task[2] === " " ? "☐" : "☑"} `, "");
}

function start(raw: string, shown: string, prefix: string): Unit | null {
  if (raw.length > MAX_UNIT) return null;
  const after = { ...AT_START, line: { prefix, spans: [] } };
  return { kind: "text", shown, length: raw.length, rank: RANK.glued, after };
}

/** A word or what is kept in one like a word; a word that is much too long, in pieces. */
export function wordUnits(text: string, at: number, { prefix, spans }: OpenLine): readonly Unit[] {
  const { raw, shown, isWord } = tokenAt(text, at);
  const marks = isWord ? (raw.match(/\*\*|__|~~|\|\|/g) ?? []) : [];
  const open = marks.reduce(toggled, spans);
  const end = at + raw.length;
  const rank = rankBehind(text, raw, end, open.length > 0);
  const line = raw.endsWith("\n") ? null : { prefix, spans: open };
  const last = { kind: "text", rank, after: { ...AT_START, line } } as const;
  if (raw.length <= MAX_UNIT) return [{ ...last, shown, length: raw.length }];
  const within = { ...last, rank: RANK.glued, after: { ...AT_START, line: { prefix, spans } } };
  const pieces = piecesOf(raw, PIECE);
  return pieces.map((piece, index) => ({
    ...(index === pieces.length - 1 ? last : within),
    shown: piece,
    length: piece.length,
  }));
}

const toggled = (spans: readonly string[], mark: string): readonly string[] =>
  spans.includes(mark) ? spans.filter((other) => other !== mark) : [...spans, mark];

function rankBehind(text: string, raw: string, end: number, isInSpan: boolean): number {
  if (raw.endsWith("\n")) {
    const line = text.slice(text.lastIndexOf("\n", end - 2) + 1, end);
    if (isBlank(line)) return RANK.paragraph;
    if (/^#{1,3} /.test(line)) return RANK.awkward;
    return /^(?:[ \t]+\S|>)/.test(lineAt(text, end)) ? RANK.sentence : RANK.line;
  }
  if (!/[\s。！？]$/.test(raw)) return RANK.glued;
  if (isInSpan) return RANK.awkward;
  return /[.!?…:。！？]["')\]*_]*[ \t]*$/.test(raw) ? RANK.sentence : RANK.space;
}

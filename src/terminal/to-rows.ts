import { styleText } from "node:util";
import type { Answer } from "./answer.ts";
import { harmless } from "./harmless.ts";
import type { TerminalOutput } from "./screen.ts";
import { wrap } from "./wrap.ts";

const COLUMNS_WHEN_UNKNOWN = 80;

type Style = "bold" | "dim" | "none";

/** Coloured where the terminal can and wants it (NO_COLOR). */
export const paint = (output: TerminalOutput, style: Style, text: string): string =>
  style === "none" ? text : styleText(style, text, { stream: output });

/** The whole answer as the terminal shows it: its Markdown as it is, then tools and figures in small print. */
export function toRows(answer: Answer, output: TerminalOutput): readonly string[] {
  // The last column stays free: terminals differ in what they do when it is written to.
  const columns = Math.max(1, (output.columns ?? COLUMNS_WHEN_UNKNOWN) - 1);
  return toLines(answer).flatMap(({ style, text }) =>
    wrap(text, columns).map((row) => paint(output, style, row)),
  );
}

interface Line {
  readonly style: Style;
  readonly text: string;
}

function toLines({ text, tools, end }: Answer): readonly Line[] {
  const words = text === "" ? [] : harmless(text).split("\n").map(toLine);
  const small = [...tools.map(toolLine), ...(end ? [figures(end)] : [])];
  if (words.length === 0 && small.length === 0) small.push("…");
  return [...words, ...small.map((line): Line => ({ style: "dim", text: harmless(line) }))];
}

function toLine(line: string): Line {
  if (line.startsWith("-# ")) return { style: "dim", text: line.slice(3) };
  return { style: /^#{1,6} /.test(line) ? "bold" : "none", text: line };
}

function toolLine({ label, end }: Answer["tools"][number]): string {
  if (end === null) return `${label}…`;
  return `${label}${end.isError ? ": did not work" : ""} (${duration(end.elapsedMs)})`;
}

function figures({
  model,
  inputTokens,
  outputTokens,
  costUsd,
  elapsedMs,
}: NonNullable<Answer["end"]>) {
  const wasAsked = inputTokens + outputTokens > 0;
  const spent = wasAsked ? [`${inputTokens} tokens in, ${outputTokens} out`, price(costUsd)] : [];
  return [...(model === null ? [] : [model]), ...spent, duration(elapsedMs)].join(" · ");
}

const dollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 2,
});

function price(usd: number | null): string {
  if (usd === null) return "price unknown";
  return usd === 0 ? "free" : dollars.format(usd);
}

const duration = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

import { MAX_UNIT } from "./render-unit.ts";

/** A block of code that is open at some place of the answer. */
export interface Fence {
  /** As it was opened: at least three "`" or "~". */
  readonly marker: string;
  /** "" for none. */
  readonly language: string;
  /** "> " within a quote. */
  readonly quote: string;
}

const OPENING = /^([ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})([^\n]*)/;
/** What Discord takes for the name of a language; anything else it would show as code. */
const LANGUAGE = /^[\w+\-.#]+$/;

/** The fence that this line opens, and the line as Discord understands it; null when it opens none. */
export function openingFence(
  line: string,
): { readonly fence: Fence; readonly shown: string } | null {
  if (line.length > MAX_UNIT) return null;
  const [, before = "", marker = "", info = ""] = OPENING.exec(line) ?? [];
  // With the marker again on the line it is inline code.
  if (marker === "" || info.includes(marker[0] ?? "")) return null;
  const word = info.trim().split(/\s/)[0] ?? "";
  const fence = {
    marker,
    language: LANGUAGE.test(word) ? word : "",
    quote: before.includes(">") ? "> " : "",
  };
  return { fence, shown: `${before}\`\`\`${fence.language}\n` };
}

export const reopened = ({ quote, language }: Fence): string => `${quote}\`\`\`${language}\n`;

export const closed = ({ quote }: Fence): string => `${quote}\`\`\``;

export function closesFence(line: string, { marker }: Fence): boolean {
  if (line.length > MAX_UNIT) return false;
  const ticks = line.replace(/^[ \t>]*/, "").trimEnd();
  return ticks.length >= marker.length && ticks === (marker[0] ?? "").repeat(ticks.length);
}

/** The one thing that cannot stand in a block of Discord's is its own marker: kept apart by spaces without width. */
export const codeToDiscord = (code: string): string => code.replaceAll("```", "`\u200B`\u200B`");

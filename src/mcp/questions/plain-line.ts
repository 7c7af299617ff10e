import { cleanLine } from "../clean.ts";

/** A server's name for something, as it may stand within a sentence of ours: one line, and nothing that Discord obeys. */
export const plainLine = (text: string, maxChars: number): string =>
  cleanLine(text.replace(/[*_~|`[\]()<>@#\\]/g, ""), maxChars) || "?";

/** What OpenDocument's texts and spreadsheets have in common. */
import { refuse } from "./refuse.ts";
import type { Attributes } from "./xml.ts";
import { openZip } from "./zip.ts";

/** What was deleted, remarked and drawn is no part of the words. */
export const UNREAD: ReadonlySet<string> = new Set(["tracked-changes", "annotation", "shapes"]);

/** Blanks are counted in this format, and may be said to be millions. */
const MAX_BLANKS = 100;

export const contentOf = (bytes: Uint8Array): Uint8Array =>
  openZip(bytes).read("content.xml") ?? refuse("it holds no document, or has a password");

/** What stands for white space; "" for every other element. */
export function blanksOf(name: string, { c = "1" }: Attributes): string {
  if (name === "s") return " ".repeat(Math.min(Number(c) || 1, MAX_BLANKS));
  if (name === "tab") return "\t";
  return name === "line-break" ? "\n" : "";
}

import { createHash } from "node:crypto";
import type { TranscriptMessage } from "../core/message.ts";

const MAX_NAME_LENGTH = 32;
/** Enough that two people of one conversation hardly ever have the same. */
const NUMBER_DIGITS = 6;
/** Controls, bidi marks and overrides, zero-width and tag characters: they make one name look like another. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

type Speaker = Pick<TranscriptMessage, "authorId" | "authorName" | "role">;

/** A display name as the model may see it: one line, nothing invisible, no bracket that could end the label. */
export function plainName(name: string): string {
  const plain = name
    .replace(INVISIBLE, "")
    .normalize("NFKC")
    .replace(/[[\]()<>]/g, "")
    .replace(/\s+/g, " ");
  return Array.from(plain.trim()).slice(0, MAX_NAME_LENGTH).join("") || "someone";
}

/**
 * Labels by author id, for example `Ana (p482913)`. The number tells people apart, the name is only for reading: two
 * people with one name, or somebody who calls himself Clara, still have their own number. It is made of the id, so that
 * a person has the same one in every turn, in summaries and in what tools give.
 */
export function speakerLabels(speakers: readonly Speaker[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  for (const { authorId, authorName, role } of speakers) {
    if (role === "clara" || labels.has(authorId)) continue;
    let number = numberOf(authorId);
    while (taken.has(number)) number += "x";
    taken.add(number);
    labels.set(authorId, `${plainName(authorName)} (${role === "bot" ? "bot" : "p"}${number})`);
  }
  return labels;
}

function numberOf(authorId: string): string {
  const digest = createHash("sha256").update(authorId).digest();
  return String(digest.readUInt32BE() % 10 ** NUMBER_DIGITS).padStart(NUMBER_DIGITS, "0");
}

/**
 * One message as a line of a conversation. Further lines are indented, so that no text of a person can look like
 * the beginning of somebody else's line.
 */
export function toLine(label: string, time: string, text: string): string {
  return `[${label} ${time}] ${text.replace(/\r\n?|[\n\v\f\u0085\u2028\u2029]/g, "\n  ")}`;
}

import type { TranscriptMessage } from "../core/message.ts";

const MAX_NAME_LENGTH = 32;
/** Controls, bidi marks and overrides, zero-width and tag characters: they make one name look like another. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

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
 * Labels by author id, for example `Ana (p1)`. The number tells people apart, the name is only for reading:
 * two people with one name, or somebody who calls himself Clara, still have their own number.
 */
export function speakerLabels(
  messages: readonly Pick<TranscriptMessage, "authorId" | "authorName" | "role">[],
): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const { authorId, authorName, role } of messages) {
    if (role === "clara" || labels.has(authorId)) continue;
    labels.set(
      authorId,
      `${plainName(authorName)} (${role === "bot" ? "bot" : "p"}${labels.size + 1})`,
    );
  }
  return labels;
}

/**
 * One message as a line of a conversation. Further lines are indented, so that no text of a person can look like
 * the beginning of somebody else's line.
 */
export function toLine(label: string, time: string, text: string): string {
  return `[${label} ${time}] ${text.replace(/\r\n?|\n/g, "\n  ")}`;
}

import { speakerLabels, toLine } from "../../agent/speakers.ts";
import type { Snowflake } from "../snowflake.ts";
import type { Line } from "./read-lines.ts";

/** Characters of one message that a summary needs to see. */
const MAX_LINE_CHARS = 600;

export interface Numbered {
  readonly text: string;
  /** By its number; numbers begin at 1. */
  readonly byNumber: ReadonlyMap<number, Line>;
  /** Lines that did not fit, the oldest ones. */
  readonly leftOut: number;
}

/** The newest lines that fit, oldest first, each with a number to name it by. */
export function numbered(
  lines: readonly Line[],
  maxChars: number,
  selfId: Snowflake,
  first = 1,
): Numbered {
  const speakers = lines.map(({ authorId, authorName, isBot }) => {
    const role = authorId === selfId ? "clara" : isBot ? "bot" : "person";
    return { authorId, authorName, role } as const;
  });
  const labels = speakerLabels(speakers);
  const texts = lines.map(({ authorId, sentAt, text }) => {
    const label = labels.get(authorId) ?? "Clara";
    return toLine(
      label,
      sentAt.toISOString().slice(0, 16),
      text.slice(0, MAX_LINE_CHARS).toWellFormed(),
    );
  });
  let chars = 0;
  const tooOld = texts.findLastIndex((text) => {
    chars += text.length + 8;
    return chars > maxChars;
  });
  const kept = lines.slice(tooOld + 1);
  return {
    text: texts
      .slice(tooOld + 1)
      .map((text, index) => `${first + index} ${text}`)
      .join("\n"),
    byNumber: new Map(kept.map((line, index) => [first + index, line])),
    leftOut: tooOld + 1,
  };
}

/** Where a message can be read by whoever may read it. */
export const linkTo = (
  guildId: Snowflake | null,
  { channelId, id }: Pick<Line, "channelId" | "id">,
): string => `https://discord.com/channels/${guildId ?? "@me"}/${channelId}/${id}`;

/**
 * A model's words for people: its own links are shown as what they are, since what it read may have been written to
 * mislead; the numbers of lines become links to the messages, and those of no line go.
 */
export const withLinks = (
  words: string,
  byNumber: ReadonlyMap<number, Line>,
  guildId: Snowflake | null,
): string =>
  harmless(words).replace(/ ?\[\[(\d{1,5})\]\]/g, (_, number: string) => {
    const line = byNumber.get(Number(number));
    return line ? ` [↗](<${linkTo(guildId, line)}>)` : "";
  });

/** Links with a text of their own become text and address; no address makes a preview. */
export const harmless = (words: string): string =>
  words
    .replace(/!?\[([^[\]]*)\]\(\s*<?([^\s<>()]*)>?[^()]*\)/g, "$1 ($2)")
    .replace(/<?(https?:\/\/[^\s<>)]+)>?/g, "<$1>");

/** What others wrote, so that it cannot end the place where it stands. */
export const asData = (tag: "message" | "messages", text: string): string =>
  `<${tag}>\n${text.replaceAll(/<(\/?)(messages?)>/gi, "‹$1$2›")}\n</${tag}>`;

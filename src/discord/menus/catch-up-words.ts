import type { Conversation } from "../../core/message.ts";
import { snowflakeOf, type Snowflake } from "../snowflake.ts";
import { asData, linkTo, numbered, withLinks } from "./cited.ts";
import { counted } from "./figures.ts";
import type { Line } from "./read-lines.ts";

/** What was said in one place. */
export interface Heard {
  readonly place: Conversation;
  /** Oldest first; at least one of somebody else. */
  readonly lines: readonly Line[];
  /** How many of them are of other people. */
  readonly byOthers: number;
  /** False when there was more, older. */
  readonly isWhole: boolean;
}

/** For example `**#general** 12 messages`, with a link to where they begin. */
export function heading({ place, lines, byOthers, isWhole }: Heard): string {
  const [first] = lines;
  const guildId = place.guildId === null ? null : snowflakeOf(place.guildId);
  const number = `${counted(byOthers, "message")}${isWhole ? "" : " and more"}`;
  return `**<#${place.channelId}>** [${number}](<${first ? linkTo(guildId, first) : ""}>)`;
}

/** The same as a line of a list. */
export const digest = (heard: Heard): string => `- ${heading(heard)}`;

export interface Asked {
  readonly text: string;
  readonly byNumber: ReadonlyMap<number, Line>;
}

/** All places with their lines, numbered through; each gets its share of the room. */
export function toPrompt(heard: readonly Heard[], maxChars: number, selfId: Snowflake): Asked {
  const share = Math.floor(maxChars / heard.length) - HEADING_CHARS;
  const byNumber = new Map<number, Line>();
  const pieces = heard.map(({ place, lines }, index) => {
    const part = numbered(lines, share, selfId, byNumber.size + 1);
    for (const [number, line] of part.byNumber) byNumber.set(number, line);
    return `## ${index + 1}\n${asData("messages", `(${place.title})\n${part.text}`)}`;
  });
  return { text: pieces.join("\n\n"), byNumber };
}

/** What stands around the lines of a place. */
const HEADING_CHARS = 150;

/** The model's words by the number of their place. A heading of no place, and what stands before the first, is left out. */
export function sections(
  words: string,
  heard: readonly Heard[],
  byNumber: ReadonlyMap<number, Line>,
): ReadonlyMap<number, string> {
  const guildId = heard[0]?.place.guildId ?? null;
  const pieces = words.split(/^#{1,3} *(\d{1,3})\b.*$/m).slice(1);
  const told = new Map<number, string>();
  for (let index = 0; index + 1 < pieces.length; index += 2) {
    const number = Number(pieces[index]);
    const text = (pieces[index + 1] ?? "").trim();
    const place = heard[number - 1];
    if (!place || text === "" || told.has(number)) continue;
    told.set(number, withLinks(text, onlyOf(place, byNumber), guildId && snowflakeOf(guildId)));
  }
  return told;
}

/** A bullet about one channel links to no other. */
const onlyOf = ({ place }: Heard, byNumber: ReadonlyMap<number, Line>) =>
  new Map([...byNumber].filter(([, { channelId }]) => channelId === place.channelId));

import { MessageFlags } from "discord-api-types/v10";
import { toPlain, toStorable } from "./plain.ts";
import type { Snowflake } from "./snowflake.ts";
import type { WireMessage } from "./wire.ts";

/** Fences and inline code: what looks like a mention in there is none. */
const CODE = /(```[\s\S]*?```|``[^\n]*?``|`[^`\n]+`)/;
/** `<@1>`, `<@!1>`, `<@&1>`, `<#1>`, `<:name:1>` and `</name:1>`. */
const REFERENCE =
  /<(?<sort>@!|@&|@|#)(?<id>\d{1,20})>|<a?:(?<emoji>\w{1,32}):\d{1,20}>|<\/(?<command>[^:<>\n]{1,100}):\d{1,20}>/g;

/** Who Clara is on Discord. */
export interface Self {
  readonly userId: Snowflake;
  readonly name: string;
}

/** How the place calls its roles and channels; null for what it does not know. */
export interface Names {
  /** The role that Discord made for Clara in this guild. */
  readonly ownRoleId: Snowflake | null;
  readonly roleName: (id: Snowflake) => string | null;
  readonly channelName: (id: Snowflake) => string | null;
}

/** True when the words themselves call Clara by name; @everyone, other roles and code do not. */
export function isMentioned(message: WireMessage, self: Self, { ownRoleId }: Names): boolean {
  const prose = message.content.split(CODE).filter((_, index) => index % 2 === 0);
  const mentions = prose.flatMap((piece) => [...piece.matchAll(REFERENCE)]);
  const isOfUser = message.mentions.some(({ id }) => id === self.userId);
  const isOfRole = ownRoleId !== null && message.mention_roles.includes(ownRoleId);
  return mentions.some(({ groups }) => {
    const isRole = groups?.["sort"] === "@&";
    return isRole
      ? isOfRole && groups?.["id"] === ownRoleId
      : isOfUser && groups?.["id"] === self.userId;
  });
}

/**
 * What was said, as one reads it: without the mention of Clara, other mentions as names, and what is not text (stickers,
 * polls, forwards, voice messages) named in brackets. A message that only calls her says her name.
 */
export function toSpoken(message: WireMessage, self: Self, names: Names): string {
  const words = toProse(message.content, message, self, names);
  const said = [words, ...inBrackets(message)].filter((piece) => piece !== "").join("\n");
  const isBareCall = said === "" && message.content.trim() !== "";
  return toStorable(isBareCall ? `@${self.name}` : said);
}

function toProse(content: string, message: WireMessage, self: Self, names: Names): string {
  const toName = (reference: RegExpExecArray) => nameOf(reference, message, self, names);
  return content
    .split(CODE)
    .map((piece, index) => (index % 2 === 0 ? replaceReferences(piece, toName) : piece))
    .join("")
    .replace(/^[\s,:]+(?=\S)/, (lead) => (content.startsWith(lead) ? lead : ""))
    .trim();
}

/** A reference that becomes nothing takes the blank after it along. */
function replaceReferences(prose: string, toName: (found: RegExpExecArray) => string): string {
  let read = 0;
  let text = "";
  for (const found of prose.matchAll(REFERENCE)) {
    const name = toName(found);
    text += prose.slice(read, found.index) + name;
    read = found.index + found[0].length;
    if (name === "" && prose[read] === " ") read++;
  }
  return text + prose.slice(read);
}

function nameOf(found: RegExpExecArray, message: WireMessage, self: Self, names: Names): string {
  const { sort, id = "", emoji, command } = found.groups ?? {};
  if (emoji !== undefined) return `:${emoji}:`;
  if (command !== undefined) return `/${command}`;
  if (sort === "#") return `#${toPlain(names.channelName(id) ?? "unknown-channel")}`;
  if (sort === "@&")
    return id === names.ownRoleId ? "" : `@${toPlain(names.roleName(id) ?? "unknown-role")}`;
  if (id === self.userId) return "";
  const person = message.mentions.find((mention) => mention.id === id);
  return `@${person ? nameFor(person, person.member ?? null) : "unknown-user"}`;
}

/** The name that others see; free text, decides nothing. */
export function nameFor(
  user: WireMessage["author"],
  member: { readonly nick?: string | null | undefined } | null,
): string {
  return toPlain(member?.nick ?? user.global_name ?? user.username);
}

function inBrackets(message: WireMessage): string[] {
  const { poll } = message;
  const isVoice = (message.flags & MessageFlags.IsVoiceMessage) !== 0;
  const voice = isVoice ? message.attachments : [];
  const options = poll?.answers.map(({ poll_media: { text } }) => text ?? "").join(" | ");
  return [
    ...message.sticker_items.map(({ name }) => `[sticker: ${toPlain(name)}]`),
    ...(poll ? [`[poll: ${toPlain(poll.question.text ?? "")} ${options}]`] : []),
    ...voice.map(({ duration_secs: seconds }) => `[voice message, ${Math.round(seconds ?? 0)} s]`),
    ...message.message_snapshots.map(({ message: { content } }) => `[forwarded: ${content}]`),
  ];
}

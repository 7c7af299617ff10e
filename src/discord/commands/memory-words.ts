import { EVERYWHERE, type Fact } from "../../core/memory.ts";
import type { Scope } from "../../core/principal.ts";
import { toPlain } from "../plain.ts";
import { snowflakeOf } from "../snowflake.ts";
import type { Control } from "./reply.ts";

/** What a command answers is read by the person alone, wherever it was given: so the scope is a private one. */
export const ownScope = ({ principal }: Scope): Scope => ({
  principal,
  audience: { kind: "private", userId: principal.userId },
});

export const NO_SUCH = "You have no memory with that id. `/memory list` shows all of them.";

/** One line of a list. */
export function lineOf(fact: Fact): string {
  const marks = `${fact.isPinned ? "📌 " : ""}${fact.validTo === null ? "" : "~~"}`;
  const end = fact.validTo === null ? "" : "~~";
  const about = fact.subject === "" ? "" : ` · about ${toPlain(fact.subject)}`;
  return `${marks}${toPlain(fact.text)}${end}\n-# \`${fact.id}\` · ${fact.kind}${about} · ${readersOf(fact)}`;
}

/** Everything that is known of one fact. */
export function pageOf(fact: Fact): string {
  const origin = {
    heard: "I heard it in a conversation",
    told: "You asked me to remember it",
    imported: "It was imported",
  };
  const lines = [
    `> ${toPlain(fact.text)}`,
    `**Kind** ${fact.kind}${fact.subject === "" ? "" : ` · **about** ${toPlain(fact.subject)}`}${fact.isKey ? " · **key**" : ""}${fact.isPinned ? " · 📌 **pinned**" : ""}`,
    `**Who may know it** ${readersOf(fact)}`,
    `**Since** ${day(fact.validFrom)}${fact.validTo === null ? "" : ` **until** ${day(fact.validTo)}, replaced by \`${fact.supersededBy}\``}`,
    `**Why I know it** ${origin[fact.origin]} on ${day(fact.createdAt)}${fact.sources.length > 0 ? `, from ${fact.sources.length === 1 ? "one message" : `${fact.sources.length} messages`}` : ""}`,
    fact.uses === 0 ? "Not used yet" : `Used ${fact.uses} times, last on ${day(fact.usedAt)}`,
    `-# \`${fact.id}\``,
  ];
  return lines.join("\n");
}

function readersOf({ audience }: Fact): string {
  if (audience === EVERYWHERE) return "you, wherever you ask";
  if (audience.startsWith("private:")) return "only you";
  if (audience.startsWith("guild:")) return "everybody in its server";
  const channel = /^channel:discord:channel:(\d+)$/.exec(audience)?.[1];
  return channel === undefined ? "readers of its place" : `readers of <#${channel}>`;
}

/** The messages that prove it, as far as they are Discord's; at most five, which is a row of buttons. */
export function sourceUrls({ sources, conversationId, guildId }: Fact): readonly string[] {
  const channel = /^discord:channel:(\d+)$/.exec(conversationId ?? "")?.[1];
  if (channel === undefined) return [];
  const guild = guildId === null ? "@me" : guildId.slice(guildId.lastIndexOf(":") + 1);
  return sources
    .filter((id) => /^discord:\d+$/.test(id))
    .slice(0, 5)
    .map((id) => `https://discord.com/channels/${guild}/${channel}/${snowflakeOf(id)}`);
}

export const sourceLinks = (fact: Fact): readonly Control[] =>
  sourceUrls(fact).map((url, index) => ({
    kind: "link",
    label: index === 0 ? "Where you said it" : `And here (${index + 1})`,
    url,
  }));

/** How it came to be known. */
export const originOf = ({ origin }: Fact): string => ORIGINS[origin];

const ORIGINS: Readonly<Record<Fact["origin"], string>> = {
  heard: "heard in a conversation",
  told: "told me to remember",
  imported: "imported",
};

const day = (at: Date | null): string =>
  at === null ? "?" : `<t:${Math.floor(at.getTime() / 1000)}:D>`;

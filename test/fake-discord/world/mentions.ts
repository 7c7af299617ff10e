import type { AllowedMentions } from "../forms/message-form.ts";
import type { Channel, Pings, Snowflake, User } from "./model.ts";
import { can } from "./permissions.ts";
import type { World } from "./world.ts";

export interface Mentions {
  readonly userIds: Snowflake[];
  readonly roleIds: Snowflake[];
  readonly everyone: boolean;
  readonly pings: Pings;
}

/** What absent `allowed_mentions` means: everything for messages, people only for interactions. */
export const MENTION_ALL: AllowedMentions = {
  parse: ["users", "roles", "everyone"],
  repliedUser: true,
};
export const MENTION_USERS: AllowedMentions = { parse: ["users"], repliedUser: true };

interface Said {
  readonly author: User;
  readonly channel: Channel;
  readonly content: string;
  readonly allowed: AllowedMentions;
  /** Who is being answered; null when it is no reply. */
  readonly repliedTo: Snowflake | null;
}

/** Whom a text mentions after `allowed_mentions` has had its say, and who is notified by it. */
export function readMentions(world: World, said: Said): Mentions {
  const { author, channel, allowed, repliedTo } = said;
  const text = withoutCode(said.content);
  const mayPingAll = channel.guildId !== null && can(world, author.id, channel, "MentionEveryone");

  const users = matches(text, /<@!?(\d{15,20})>/g)
    .filter((id) => world.users.has(id))
    .filter((id) => isAllowed(allowed, "users", id));
  const isReplyPing = repliedTo !== null && allowed.repliedUser;
  const userIds = unique(isReplyPing ? [...users, repliedTo] : users);

  const roles = channel.guildId === null ? undefined : world.guild(channel.guildId).roles;
  const roleIds = matches(text, /<@&(\d{15,20})>/g)
    .filter((id) => roles?.has(id))
    .filter((id) => isAllowed(allowed, "roles", id));
  const everyone =
    mayPingAll && /@(everyone|here)\b/.test(text) && (allowed.parse?.includes("everyone") ?? false);

  const pings: Pings = {
    users: userIds.filter((id) => id !== author.id),
    roles: roleIds.filter((id) => mayPingAll || roles?.get(id)?.mentionable),
    everyone,
  };
  return { userIds, roleIds, everyone, pings };
}

function isAllowed(allowed: AllowedMentions, kind: "users" | "roles", id: Snowflake): boolean {
  return allowed.parse?.includes(kind) || (allowed[kind]?.includes(id) ?? false);
}

// Discord finds no mentions and makes no previews inside code.
export function withoutCode(content: string): string {
  return content.replace(/```[\s\S]*?```|`[^`\n]+`/g, " ");
}

function matches(text: string, pattern: RegExp): Snowflake[] {
  return unique([...text.matchAll(pattern)].map(([, id]) => id ?? ""));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

import type { Conversation } from "../core/message.ts";
import type { ChannelMode } from "../core/stores.ts";
import type { Trigger } from "../core/turn.ts";
import type { Arrival } from "./incoming.ts";
import type { Snowflake } from "./snowflake.ts";
import { snowflakeOf } from "./snowflake.ts";

export interface GateRules {
  /** Servers with all their channels; empty for every server. Then `allowedChannels` says nothing. */
  readonly allowedServers: ReadonlySet<Snowflake>;
  /** Channels with their threads; empty for every channel. */
  readonly allowedChannels: ReadonlySet<Snowflake>;
  /** In servers, the author must hold one; empty for everybody. */
  readonly allowedRoles: ReadonlySet<Snowflake>;
  /** People who are never answered, in servers and in private. */
  readonly blockedUsers?: ReadonlySet<Snowflake>;
  /** In lower case. */
  readonly stopPhrases: readonly string[];
  /** False when Discord hides what is not addressed to Clara. */
  readonly messageContent: boolean;
}

/** What of the rules decides who comes in where. */
export type EntryRules = Pick<
  GateRules,
  "allowedServers" | "allowedChannels" | "allowedRoles" | "blockedUsers"
>;

/** Why somebody may not speak with Clara here, whichever way he came in. */
export type EntryRefusal =
  | "server-not-allowed"
  | "channel-not-allowed"
  | "blocked"
  | "role-missing";

export type IgnoreReason =
  | EntryRefusal
  /** The author has left the server. */
  | "not-a-member"
  | "own-message"
  | "no-speech"
  | "channel-off"
  | "content-hidden"
  | "empty";

export type HearReason =
  | "not-addressed"
  | "bot"
  | "webhook"
  /** Said while she was away, and too much of it. */
  | "missed-too-many"
  /** Its author has so many open questions that this one is not taken. */
  | "too-many-open"
  /** A stop phrase, read too late to stop anything. */
  | "stop-phrase";

export type Decision =
  | { readonly kind: "answer"; readonly trigger: Trigger }
  | { readonly kind: "stop" }
  | { readonly kind: "hear"; readonly reason: HearReason }
  | { readonly kind: "ignore"; readonly reason: IgnoreReason };

/** Who may speak here, and what becomes of a message. Pure; `mode` is that of the message's place. */
export function decide(rules: GateRules, mode: ChannelMode, arrival: Arrival): Decision {
  const { message, signs } = arrival;
  const { conversation, author } = message;
  const isDm = conversation.kind === "dm";
  if (signs.isOwn) return ignore("own-message");
  if (!signs.isSpeech) return ignore("no-speech");
  const closed = placeRefusal(rules, conversation);
  if (closed) return ignore(closed);
  if (!isDm && mode === "off") return ignore("channel-off");
  if (message.text === "" && message.attachments.length === 0)
    return ignore(rules.messageContent || isDm ? "empty" : "content-hidden");
  if (signs.isWebhook) return hear("webhook");
  if (message.authorIsBot) return hear("bot");
  if (isBlocked(rules, snowflakeOf(author.userId))) return ignore("blocked");
  if (!signs.isMember) return ignore("not-a-member");
  if (!holdsRole(rules, conversation, author.roleIds)) return ignore("role-missing");

  const trigger = triggerOf(arrival, mode);
  if (trigger === null) return hear("not-addressed");
  return isStopPhrase(rules, message.text) ? { kind: "stop" } : { kind: "answer", trigger };
}

/** The same doors for commands and components; null when they stand open. A channel that is off still takes commands. */
export function entryRefusal(
  rules: EntryRules,
  conversation: Conversation,
  person: { readonly userId: Snowflake; readonly roleIds: readonly Snowflake[] },
): EntryRefusal | null {
  const closed = placeRefusal(rules, conversation);
  if (closed !== null) return closed;
  if (isBlocked(rules, person.userId)) return "blocked";
  return holdsRole(rules, conversation, person.roleIds) ? null : "role-missing";
}

const isBlocked = ({ blockedUsers }: EntryRules, userId: Snowflake): boolean =>
  blockedUsers?.has(userId) ?? false;

/** What the allow-lists say of a place. DMs are in no server, so that they never close them. */
function placeRefusal(
  { allowedServers, allowedChannels }: EntryRules,
  { guildId, channelId, parentId }: Conversation,
): "server-not-allowed" | "channel-not-allowed" | null {
  if (guildId === null) return null;
  if (allowedServers.size > 0)
    return allowedServers.has(snowflakeOf(guildId)) ? null : "server-not-allowed";
  if (allowedChannels.size === 0) return null;
  const isAllowed =
    allowedChannels.has(channelId) || (parentId !== null && allowedChannels.has(parentId));
  return isAllowed ? null : "channel-not-allowed";
}

/** False where every message is ignored. */
export const isServed = (rules: GateRules, mode: ChannelMode, place: Conversation): boolean =>
  placeRefusal(rules, place) === null && (mode !== "off" || place.kind === "dm");

/** A thread does as its parent does, unless it was set itself. */
export function modeOf(
  modes: ReadonlyMap<Snowflake, ChannelMode>,
  { channelId, parentId }: Conversation,
): ChannelMode {
  const inherited = parentId === null ? undefined : modes.get(parentId);
  return modes.get(channelId) ?? inherited ?? "mention";
}

function holdsRole(
  { allowedRoles }: EntryRules,
  { guildId }: Conversation,
  roleIds: readonly Snowflake[],
): boolean {
  return guildId === null || allowedRoles.size === 0 || roleIds.some((id) => allowedRoles.has(id));
}

function triggerOf({ message, signs }: Arrival, mode: ChannelMode): Trigger | null {
  if (message.conversation.kind === "dm") return "dm";
  if (signs.isMention) return "mention";
  if (signs.isReply) return "reply";
  return mode === "active" ? "active" : null;
}

const isStopPhrase = ({ stopPhrases }: GateRules, text: string): boolean =>
  stopPhrases.includes(text.trim().toLowerCase().replace(/\s+/g, " "));

const ignore = (reason: IgnoreReason): Decision => ({ kind: "ignore", reason });
const hear = (reason: HearReason): Decision => ({ kind: "hear", reason });

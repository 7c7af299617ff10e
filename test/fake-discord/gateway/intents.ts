import { GatewayIntentBits as I } from "discord-api-types/v10";

import { isObject, objects } from "../forms/form.ts";
import type { JsonObject, Snowflake } from "../world/model.ts";
import { can } from "../world/permissions.ts";
import type { Dispatch, World } from "../world/world.ts";

export const ALL_INTENTS = Object.values(I)
  .filter((bit) => typeof bit === "number")
  .reduce((all, bit) => all | bit, 0);

// The first pattern that fits an event names the intent in a guild and the one in a DM (0: none needed).
const INTENTS: readonly (readonly [RegExp, guild: number, dm: number])[] = [
  [/^MESSAGE_REACTION_/, I.GuildMessageReactions, I.DirectMessageReactions],
  [/^MESSAGE_POLL_/, I.GuildMessagePolls, I.DirectMessagePolls],
  [/^MESSAGE_/, I.GuildMessages, I.DirectMessages],
  [/^TYPING_START$/, I.GuildMessageTyping, I.DirectMessageTyping],
  [/^CHANNEL_PINS_UPDATE$/, I.Guilds, I.DirectMessages],
  [/^GUILD_MEMBERS_CHUNK$/, 0, 0],
  [/^GUILD_MEMBER_/, I.GuildMembers, I.GuildMembers],
  [/^(GUILD_BAN_|GUILD_AUDIT_LOG)/, I.GuildModeration, I.GuildModeration],
  [/^(GUILD|CHANNEL|THREAD|STAGE_INSTANCE)_/, I.Guilds, 0],
];

export interface Audience {
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
}

/** Whether a session hears of an event: its intents, its shard, and what the bot may see. */
export function hears(world: World, { intents, shard }: Audience, dispatch: Dispatch): boolean {
  const { t, guildId, channelId } = dispatch;
  if (shardOf(guildId, shard[1]) !== shard[0] || !isMember(world, dispatch)) return false;
  const rule = INTENTS.find(([pattern]) => pattern.test(t));
  const needed = rule ? rule[guildId === null ? 2 : 1] : 0;
  if ((intents & needed) !== needed) return false;
  const channel = channelId === undefined ? undefined : world.channels.get(channelId);
  return !channel || can(world, world.bot.id, channel, "ViewChannel");
}

// The end of a membership is the last thing to be heard of a guild.
function isMember(world: World, { t, guildId }: Dispatch): boolean {
  const guild = guildId === null ? undefined : world.guilds.get(guildId);
  return !guild || guild.members.has(world.bot.id) || t === "GUILD_DELETE";
}

/** The event as this session may see it: content only with its intent. */
export function asHeard(
  world: World,
  { intents }: Audience,
  { t, d, guildId }: Dispatch,
): JsonObject {
  const isGuildMessage = guildId !== null && (t === "MESSAGE_CREATE" || t === "MESSAGE_UPDATE");
  return isGuildMessage && !(intents & I.MessageContent) ? withoutContent(world.bot.id, d) : d;
}

/**
 * A guild's message as an app without the message-content intent sees it: nothing of what was
 * said, save in its own messages and where it is mentioned.
 */
export function withoutContent(botId: Snowflake, message: JsonObject): JsonObject {
  const { referenced_message: referenced } = message;
  const shown = concerns(botId, message)
    ? message
    : { ...message, content: "", embeds: [], attachments: [], components: [] };
  return isObject(referenced)
    ? { ...shown, referenced_message: withoutContent(botId, referenced) }
    : shown;
}

function concerns(botId: Snowflake, message: JsonObject): boolean {
  const named = [...objects([message["author"]]), ...objects(message["mentions"])];
  return named.some(({ id }) => id === botId);
}

// https://discord.com/developers/docs/events/gateway#sharding-sharding-formula
export function shardOf(guildId: Snowflake | null, count: number): number {
  return guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
}

import type { Client, GuildBasedChannel } from "discord.js";
import { ChannelType } from "discord-api-types/v10";
import { rightsByGateway, selfIn } from "./channel-rights.ts";
import { toConversation } from "./conversation.ts";
import type { Place } from "./incoming.ts";
import { mayRead, permissionsIn } from "./permissions.ts";
import type { Snowflake } from "./snowflake.ts";
import { isAfter } from "./snowflake.ts";
import { nameFor } from "./spoken.ts";
import type { WireMessage } from "./wire.ts";

/** What discord.js knows of servers, channels and roles. */
export interface Places {
  /** Where a message stands; null when that is not known (yet). */
  readonly of: (message: WireMessage) => Place | null;
  /** Asks Discord for a channel that is not known: an old thread that woke up, or one that was missed. */
  readonly learn: (channelId: Snowflake) => Promise<void>;
  readonly isInGuild: (channelId: Snowflake, guildId: Snowflake) => boolean;
  /**
   * Channels and threads of one shard that Clara may read, and where something was said after what `after` gives for
   * them; null stands for "nothing is new here".
   */
  readonly spokenInSince: (
    shardId: number,
    after: (channelId: Snowflake) => Snowflake | null,
  ) => readonly Place[];
}

/** `client` gives the present connection's client: a new one is made when a login fails. */
export function createPlaces(client: () => Client): Places {
  return {
    of(message) {
      const { channel_id: id, guild_id: guildId, author } = message;
      if ((guildId ?? null) === null) return placeOutside(message);
      const channel = client().channels.cache.get(id);
      if (!channel || channel.isDMBased()) return null;
      return placeIn(channel, author.id);
    },

    async learn(channelId) {
      await client().channels.fetch(channelId, { allowUnknownGuild: false });
    },

    isInGuild: (channelId, guildId) =>
      client().guilds.cache.get(guildId)?.channels.cache.has(channelId) ?? false,

    spokenInSince(shardId, after) {
      const guilds = client().guilds.cache.filter((guild) => guild.shardId === shardId);
      return [...guilds.values()]
        .flatMap((guild) => [...guild.channels.cache.values()])
        .filter((channel) => isReadable(channel) && wasSpokenIn(channel, after(channel.id)))
        .map((channel) => placeIn(channel, channel.client.user.id));
    },
  };
}

/** A DM, or a group: Discord says which in `channel_type`, and bots hear of no group unless somebody takes them there. */
function placeOutside({ channel_id: id, channel_type: given, author, member }: WireMessage): Place {
  const type = given === ChannelType.GroupDM ? ChannelType.GroupDM : ChannelType.DM;
  const channel = {
    id,
    type,
    guildId: null,
    parentId: null,
    name: nameFor(author, member ?? null),
  };
  return {
    conversation: toConversation(channel, author.id),
    ownRoleId: null,
    roleName: () => null,
    channelName: () => null,
    permissionsOf: () => 0n,
  };
}

function placeIn(channel: GuildBasedChannel, personId: Snowflake): Place {
  const { guild, id, type, name, parentId } = channel;
  const facts = { id, type, guildId: guild.id, parentId, name };
  return {
    conversation: toConversation(facts, personId),
    ownRoleId: guild.roles.botRoleFor(channel.client.user)?.id ?? null,
    roleName: (roleId) => guild.roles.cache.get(roleId)?.name ?? null,
    channelName: (channelId) => guild.channels.cache.get(channelId)?.name ?? null,
    permissionsOf: (holder) => permissionsIn(rightsByGateway(guild, channel), holder),
  };
}

/** Whether Clara herself may read there. */
export function isReadable(channel: GuildBasedChannel): boolean {
  const self = selfIn(channel.guild);
  if (!channel.isTextBased() || !self) return false;
  return mayRead(permissionsIn(rightsByGateway(channel.guild, channel), self));
}

function wasSpokenIn(channel: GuildBasedChannel, after: Snowflake | null): boolean {
  const last = "lastMessageId" in channel ? channel.lastMessageId : null;
  return last !== null && after !== null && isAfter(last, after);
}

import type { Client, Guild, GuildBasedChannel } from "discord.js";
import { rightsByGateway, selfIn } from "./channel-rights.ts";
import { isThread } from "./conversation.ts";
import type { ChannelRights, Holder } from "./permissions.ts";
import type { Snowflake } from "./snowflake.ts";

/** Clara in one channel or thread. */
export interface OwnPlace {
  readonly channelId: Snowflake;
  /** Whose overwrites count: the channel itself, or the thread's parent. */
  readonly rulingId: Snowflake;
  readonly isThread: boolean;
  readonly rights: ChannelRights;
  readonly self: Holder;
}

/** What the gateway knows of her own standing. */
export interface OwnRights {
  /** null where she is no member, or has never heard of the place. */
  readonly in: (guildId: Snowflake, channelId: Snowflake) => OwnPlace | null;
  /** All text channels of a server, threads left out: they do as their channel does. */
  readonly everywhereIn: (guildId: Snowflake) => readonly OwnPlace[];
  /** The permissions of the role that Discord made for her; 0n where there is none. */
  readonly ownRoleBits: (guildId: Snowflake) => bigint;
  /** null before Discord said who she is. */
  readonly applicationId: () => Snowflake | null;
}

export function createOwnRights(client: () => Client): OwnRights {
  const guildOf = (guildId: Snowflake) => client().guilds.cache.get(guildId);
  return {
    in(guildId, channelId) {
      const guild = guildOf(guildId);
      const channel = guild?.channels.cache.get(channelId);
      return guild && channel ? toPlace(guild, channel) : null;
    },
    everywhereIn(guildId) {
      const guild = guildOf(guildId);
      if (!guild) return [];
      return [...guild.channels.cache.values()]
        .filter((channel) => channel.isTextBased() && !channel.isThread())
        .flatMap((channel) => toPlace(guild, channel) ?? []);
    },
    ownRoleBits(guildId) {
      const user = client().user;
      const role = user && guildOf(guildId)?.roles.botRoleFor(user);
      return role?.permissions.bitfield ?? 0n;
    },
    applicationId: () => client().application?.id ?? null,
  };
}

function toPlace(guild: Guild, channel: GuildBasedChannel): OwnPlace | null {
  const self = selfIn(guild);
  if (!self) return null;
  const { id: channelId, type } = channel;
  const isInThread = isThread(type);
  const rulingId = isInThread ? (channel.parentId ?? channelId) : channelId;
  const rights = rightsByGateway(guild, channel);
  return { channelId, rulingId, isThread: isInThread, rights, self };
}

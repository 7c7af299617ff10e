import type { Client, GuildBasedChannel } from "discord.js";
import { ChannelType } from "discord-api-types/v10";
import type { Conversation } from "../core/message.ts";
import type { Principal } from "../core/principal.ts";
import { rightsByGateway } from "./channel-rights.ts";
import { toConversation } from "./conversation.ts";
import type { Newest } from "./newest.ts";
import { mayRead, permissionsIn } from "./permissions.ts";
import { isReadable } from "./places.ts";
import { isAfter, snowflakeOf, type Snowflake } from "./snowflake.ts";

/** Channels and threads of the asker's guild that he and Clara may both read, and where something was said after `after`; the newest first. */
export type VisibleChannels = (
  asker: Principal,
  /** Where he asks from: he is there, whatever kind of place it is. */
  from: Snowflake,
  after: Snowflake,
) => readonly Conversation[];

/**
 * With the asker's rights as they are now. Private threads and age-restricted channels are left out, unless he asks from
 * there: who is in a private thread is not known, and an age is not either.
 */
export function createVisibleChannels(
  client: () => Client,
  newest: Pick<Newest, "of">,
): VisibleChannels {
  return ({ userId, guildId, roleIds }, from, after) => {
    const guild = guildId === null ? null : client().guilds.cache.get(snowflakeOf(guildId));
    if (!guild) return [];
    const id = snowflakeOf(userId);
    const holder = { userId: id, roleIds, timedOut: false };
    return [...guild.channels.cache.values()]
      .flatMap((channel) => {
        const last = newest.of(channel.id) ?? lastMessageOf(channel);
        if (last === null || !isAfter(last, after)) return [];
        if (!isReadable(channel) || (isDelicate(channel) && channel.id !== from)) return [];
        const rights = permissionsIn(rightsByGateway(guild, channel), holder);
        return mayRead(rights) ? [{ channel, last }] : [];
      })
      .toSorted((one, other) => (isAfter(one.last, other.last) ? -1 : 1))
      .map(({ channel: { id: channelId, type, name, parentId } }) =>
        toConversation({ id: channelId, type, guildId: guild.id, parentId, name }, id),
      );
  };
}

/** As it was at the start of the session. */
const lastMessageOf = (channel: GuildBasedChannel): Snowflake | null =>
  "lastMessageId" in channel ? channel.lastMessageId : null;

function isDelicate(channel: GuildBasedChannel): boolean {
  if (channel.type === ChannelType.PrivateThread) return true;
  const ruling = channel.isThread() ? channel.parent : channel;
  return ruling !== null && "nsfw" in ruling && ruling.nsfw;
}

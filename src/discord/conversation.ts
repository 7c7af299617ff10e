import { ChannelType } from "discord-api-types/v10";
import type { Conversation } from "../core/message.ts";
import { toPlain } from "./plain.ts";
import type { Snowflake } from "./snowflake.ts";
import { toConversationId, toGuildId, toUserId } from "./snowflake.ts";

/** What we need to know of a channel, thread or DM. */
export interface Channel {
  readonly id: Snowflake;
  readonly type: ChannelType;
  readonly guildId: Snowflake | null;
  readonly parentId: Snowflake | null;
  /** Of a DM: the name of its person. */
  readonly name: string;
}

const THREADS: ReadonlySet<ChannelType> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);

export const isThread = (type: ChannelType): boolean => THREADS.has(type);

/** A DM is private to its one person; everything else is read by whoever may see the channel. */
export function toConversation(channel: Channel, personId: Snowflake): Conversation {
  const id = toConversationId(channel.id);
  const guildId = channel.guildId === null ? null : toGuildId(channel.guildId);
  const place = { id, platform: "discord", channelId: channel.id, guildId } as const;
  const title = toPlain(channel.name);
  const audience = { kind: "channel", conversationId: id, guildId } as const;

  if (channel.type === ChannelType.DM) {
    const own = { kind: "private", userId: toUserId(personId) } as const;
    return { ...place, kind: "dm", parentId: null, title, audience: own };
  }
  if (isThread(channel.type))
    return { ...place, kind: "thread", parentId: channel.parentId, title, audience };
  return { ...place, kind: "channel", parentId: null, title: `#${title}`, audience };
}

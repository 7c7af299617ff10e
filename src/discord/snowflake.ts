import type { ConversationId, GuildId, MessageId, UserId } from "../core/ids.ts";
import { conversationId, guildId, messageId, userId } from "../core/ids.ts";

/** Discord's own id of anything: digits, and the time of its making in the upper bits. */
export type Snowflake = string;

const EPOCH_MS = 1_420_070_400_000n;
const TIME_SHIFT = 22n;

/** When Discord gave out the id, by Discord's clock. */
export const sentAtOf = (id: Snowflake): Date =>
  new Date(Number((BigInt(id) >> TIME_SHIFT) + EPOCH_MS));

/** The least id that Discord can have given out at that time. */
export const snowflakeAt = (at: Date): Snowflake =>
  String((BigInt(at.getTime()) - EPOCH_MS) << TIME_SHIFT);

export const isAfter = (one: Snowflake, other: Snowflake): boolean =>
  one.length === other.length ? one > other : one.length > other.length;

/** What `after` must be so that this very message is read, too. */
export const justBefore = (id: Snowflake): Snowflake => String(BigInt(id) - 1n);

export const toUserId = (id: Snowflake): UserId => userId(`discord:${id}`);
export const toMessageId = (id: Snowflake): MessageId => messageId(`discord:${id}`);
export const toGuildId = (id: Snowflake): GuildId => guildId(`discord:${id}`);
export const toConversationId = (channelId: Snowflake): ConversationId =>
  conversationId(`discord:channel:${channelId}`);

/** Discord's id within one of ours. */
export const snowflakeOf = (id: UserId | MessageId | GuildId | ConversationId): Snowflake =>
  id.slice(id.lastIndexOf(":") + 1);

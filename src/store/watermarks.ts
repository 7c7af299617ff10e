import { sql } from "drizzle-orm/sql";
import { conversationId, guildId, messageId } from "../core/ids.ts";
import type { Conversation } from "../core/message.ts";
import type { Inbox } from "../core/stores.ts";
import { rows, type Db } from "./database.ts";
import { audienceOf } from "./principals.ts";

/** Places that were silent for longer than the newest of these are not read again after a restart. */
const MAX_WATERMARKS = 20_000;

/** A conversation as its row holds it. */
export interface ConversationRow {
  readonly id: string;
  readonly platform: Conversation["platform"];
  readonly kind: Conversation["kind"];
  readonly guild_id: string | null;
  readonly channel_id: string;
  readonly parent_id: string | null;
  readonly title: string;
  readonly audience: string;
}

export const toConversation = (row: ConversationRow): Conversation => ({
  id: conversationId(row.id),
  platform: row.platform,
  kind: row.kind,
  guildId: row.guild_id === null ? null : guildId(row.guild_id),
  channelId: row.channel_id,
  parentId: row.parent_id,
  title: row.title,
  audience: audienceOf(row.audience, { conversationId: row.id, guildId: row.guild_id }),
});

export function createWatermarks(db: Db): Inbox["watermarks"] {
  return async (platform) => {
    const found = await rows<ConversationRow & { readonly watermark: string }>(
      db,
      sql`
        select id, platform, kind, guild_id, channel_id, parent_id, title, audience, watermark
        from conversations where platform = ${platform} and watermark is not null
        order by watermark_at desc limit ${MAX_WATERMARKS}`,
    );
    return found.map((row) => ({
      conversation: toConversation(row),
      messageId: messageId(row.watermark),
    }));
  };
}

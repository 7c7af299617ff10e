import { sql } from "drizzle-orm/sql";
import type { IncomingMessage } from "../core/message.ts";
import { audienceKey, readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import { rows, type Db } from "./database.ts";
import { toJson } from "./json.ts";

/** As long as names and titles ever are; what is longer is no name. */
const MAX_NAME_CHARS = 200;

/**
 * Stores the messages with their speakers and places, in one statement. A message is stored once, however often it
 * comes; the watermark of a place only grows.
 */
export async function keepMessages(db: Db, messages: readonly IncomingMessage[]): Promise<void> {
  const given = toJson(messages.map(toRow));
  await rows(
    db,
    sql`
    with given as (
      select * from jsonb_to_recordset(${given}::jsonb) as given(
        position int, id text, author_id text, author_name text, is_bot boolean, platform text,
        conversation_id text, kind text, guild_id text, channel_id text, parent_id text, title text,
        audience text, text text, reply_to text, attachments jsonb, sent_at timestamptz)
    ), speakers as (
      insert into people (id, platform, display_name, is_bot)
      select distinct on (author_id) author_id, platform, author_name, is_bot
      from given order by author_id, position desc
      on conflict (id) do update set display_name = excluded.display_name
      where people.display_name <> excluded.display_name
    ), places as (
      insert into conversations as place (
        id, platform, kind, guild_id, channel_id, parent_id, title, audience, watermark, watermark_at, unfolded)
      select distinct on (conversation_id) conversation_id, platform, kind, guild_id, channel_id, parent_id, title,
        audience, id, sent_at, count(*) over (partition by conversation_id)
      from given order by conversation_id, sent_at desc, position desc
      on conflict (id) do update set
        title = excluded.title,
        unfolded = place.unfolded + excluded.unfolded,
        watermark = case when place.watermark_at > excluded.watermark_at then place.watermark else excluded.watermark end,
        watermark_at = greatest(place.watermark_at, excluded.watermark_at)
    )
    insert into messages (
      id, conversation_id, audience, author_id, author_name, role, text, reply_to, attachments, sent_at)
    select id, conversation_id, audience, author_id, author_name, case when is_bot then 'bot' else 'person' end,
      text, reply_to, attachments, sent_at
    from given
    on conflict (id) do nothing`,
  );
}

/** Throws ScopeError unless the scope is the message's own author in the message's own place. */
export function checkAuthor(scope: Scope, message: IncomingMessage): void {
  readableKeys(scope);
  const isOwn =
    scope.principal.userId === message.author.userId &&
    audienceKey(scope.audience) === audienceKey(message.conversation.audience);
  if (!isOwn) throw new ScopeError("A message is stored in the scope of its author and its place");
}

const toRow = (message: IncomingMessage, position: number) => ({
  position,
  id: message.id,
  author_id: message.author.userId,
  author_name: message.author.displayName.slice(0, MAX_NAME_CHARS),
  is_bot: message.authorIsBot,
  platform: message.conversation.platform,
  conversation_id: message.conversation.id,
  kind: message.conversation.kind,
  guild_id: message.conversation.guildId,
  channel_id: message.conversation.channelId,
  parent_id: message.conversation.parentId,
  title: message.conversation.title.slice(0, MAX_NAME_CHARS),
  audience: audienceKey(message.conversation.audience),
  text: message.text,
  reply_to: message.replyTo,
  attachments: message.attachments,
  sent_at: message.sentAt.toISOString(),
});

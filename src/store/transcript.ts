import { sql, type SQL } from "drizzle-orm";
import { messageId } from "../core/ids.ts";
import type { Attachment, TranscriptMessage } from "../core/message.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import type { Transcript } from "../core/stores.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toText } from "./json.ts";
import { createSummaries } from "./summaries.ts";

/** However many are asked for. */
const MAX_ROWS = 1_000;
/** A search goes through so many of the newest messages of a conversation, which takes some 50 ms. */
const MAX_LOOKED_THROUGH = 20_000;
/** Words of one search; further ones are not looked for. */
const MAX_WORDS = 16;

export function createTranscript(database: Database): Transcript {
  const { db } = database;
  return {
    async recent(scope, conversation, { limit, upTo, after }) {
      const newest = await select(
        db,
        sql`
          from messages
          where ${isReadable(scope)} and conversation_id = ${conversation} and ${HAS_WORDS}
            and (${upTo}::text is null or (sent_at, id) <= (select sent_at, id from messages where id = ${upTo}))
            and (${after}::timestamptz is null or sent_at > ${after})
          order by sent_at desc, id desc limit ${Math.min(limit, MAX_ROWS)}`,
      );
      return newest.toReversed();
    },

    async chain(scope, id, limit) {
      // Replies to a later part of an answer mean the answer, which is kept under the id of its first part.
      return select(
        db,
        sql`
          from messages join (
            with recursive said as (
              ${answering(sql`${id}::text`)}
              union all
              select said.depth + 1, found.id, found.reply_to from said
                cross join lateral (select id, reply_to from (${answering(sql`said.reply_to`)}) as next) as found
              where said.depth < ${Math.min(limit, MAX_ROWS)} - 1
            )
            select depth, id as said_id from said
          ) as said on said.said_id = messages.id
          where ${isReadable(scope)} and ${HAS_WORDS} order by depth limit ${Math.min(limit, MAX_ROWS)}`,
      );
    },

    async search(scope, conversation, { words, from, limit }) {
      const patterns = toWords(toText(words)).map(containing);
      const author = from === null ? null : containing(toText(from));
      return select(
        db,
        sql`
          from (
            select * from messages
            where ${isReadable(scope)} and conversation_id = ${conversation} and text <> ''
              and (${author}::text is null or author_name ilike ${author})
            order by sent_at desc, id desc limit ${MAX_LOOKED_THROUGH}
          ) as messages
          cross join lateral (
            select count(*) as hits from unnest(${array(patterns)}) as pattern where text ilike pattern
          ) as found
          where hits > 0 order by hits desc, sent_at desc limit ${Math.min(limit, MAX_ROWS)}`,
      );
    },

    ...createSummaries(database),
  };
}

/** The message itself, or the answer that it is a later part of: (depth, id, reply_to). */
const answering = (id: SQL): SQL => sql`
  select 0 as depth, id, reply_to from messages where id = ${id}
  union all
  select 0, answer.id, answer.reply_to
  from outbox
    join turns on turns.id = outbox.turn_id
    join messages as answer on answer.reply_to = turns.trigger_id and answer.role = 'clara'
  where outbox.part > 0 and outbox.message_id = split_part(${id}, ':', 2)`;

const isReadable = (scope: Scope): SQL => sql`audience = any(${array(readableKeys(scope))})`;

const HAS_WORDS = sql`(text <> '' or attachments <> '[]')`;

/** What is quoted is one word. A part of a word is found too, as some languages have no blanks. */
const toWords = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]+)"|\S+/g)].slice(0, MAX_WORDS).map(([word, quoted]) => quoted ?? word);

/** For `ilike`; `%` and `_` mean themselves. */
const containing = (words: string): string => `%${words.replace(/[\\%_]/g, "\\$&")}%`;

interface MessageRow {
  readonly id: string;
  readonly role: TranscriptMessage["role"];
  readonly author_id: string;
  readonly author_name: string;
  readonly text: string;
  readonly reply_to: string | null;
  readonly attachments: readonly Attachment[];
  readonly sent_at: Date;
}

async function select(db: Db, rest: SQL): Promise<readonly TranscriptMessage[]> {
  const found = await rows<MessageRow>(
    db,
    sql`select messages.id, role, author_id, author_name, text, reply_to, attachments, sent_at ${rest}`,
  );
  return found.map((row) => ({
    id: messageId(row.id),
    role: row.role,
    authorId: row.author_id,
    authorName: row.author_name,
    text: row.text,
    replyTo: row.reply_to === null ? null : messageId(row.reply_to),
    attachments: row.attachments,
    sentAt: row.sent_at,
  }));
}

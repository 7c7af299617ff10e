import { sql, type SQL } from "drizzle-orm/sql";
import { messageId } from "../core/ids.ts";
import type { Attachment, TranscriptMessage } from "../core/message.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import type { Transcript } from "../core/stores.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toText } from "./json.ts";
import { createSummaries } from "./summaries.ts";

/** However many are asked for. */
const MAX_ROWS = 1_000;
/** A search goes through so many of the newest messages of a conversation, which takes some 30 ms. */
const MAX_LOOKED_THROUGH = 10_000;
/** Words of one search; further ones are not looked for. */
const MAX_WORDS = 16;

export function createTranscript(database: Database): Transcript {
  const { db } = database;
  return {
    async recent(scope, conversation, { limit, upTo, after }) {
      // The first condition of `until` is for the index, the second for what was sent in the same millisecond.
      const until = sql`
        and sent_at <= (select sent_at from messages where id = ${upTo})
        and (sent_at, id) <= (select sent_at, id from messages where id = ${upTo})`;
      const newest = await select(
        db,
        sql`
          from messages
          where ${isReadable(scope)} and conversation_id = ${conversation} and ${HAS_WORDS}
            ${upTo === null ? sql`` : until} ${after === null ? sql`` : sql`and sent_at > ${after}`}
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
      const wanted = sql`(select array_agg(lower(word)) from unnest(${array(toWords(toText(words)))}) as word)`;
      const speaker = sql`and strpos(lower(author_name), lower(${toText(from ?? "")})) > 0`;
      return select(
        db,
        sql`
          from (
            select *, lower(text || case when attachments = '[]' then '' else
                jsonb_path_query_array(attachments, '$[*] ? (@.isVoice == true).words')::text end) as lowered
            from messages
            where ${isReadable(scope)} and conversation_id = ${conversation} and text <> ''
              ${from === null ? sql`` : speaker}
            order by sent_at desc, id desc limit ${MAX_LOOKED_THROUGH}
          ) as messages
          cross join lateral (
            select count(*) as hits from unnest(${wanted}) as word where strpos(lowered, word) > 0
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

/** A voice message is what its author says. The words of other recordings stay with their file. */
const spokenIn = (attachments: readonly Attachment[]): readonly string[] =>
  attachments.flatMap(({ isVoice, words = "" }) => (isVoice && words !== "" ? [words] : []));

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
    text: [row.text, ...spokenIn(row.attachments)].join("\n"),
    replyTo: row.reply_to === null ? null : messageId(row.reply_to),
    attachments: row.attachments,
    sentAt: row.sent_at,
  }));
}

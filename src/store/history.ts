import { sql } from "drizzle-orm/sql";
import { conversationId } from "../core/ids.ts";
import type { History, HistoryLine } from "../core/history.ts";
import { readableKeys } from "../core/principal.ts";
import { array, rows, type Db } from "./database.ts";
import { toText } from "./json.ts";

const MAX_ROWS = 100;
/** Of all places together, the newest. */
const MAX_LOOKED_THROUGH = 20_000;
const MAX_WORDS = 16;

interface LineRow {
  readonly conversation_id: string;
  readonly title: string;
  readonly author_id: string;
  readonly author_name: string;
  readonly role: HistoryLine["role"];
  readonly text: string;
  readonly sent_at: Date;
}

export function createHistory(db: Db): History {
  return {
    async search(scope, visible, { words, from, limit }) {
      readableKeys(scope);
      const { guildId } = scope.principal;
      if (guildId === null) return [];
      const wanted = [...toText(words).matchAll(/"([^"]+)"|\S+/g)]
        .slice(0, MAX_WORDS)
        .map(([word, quoted]) => (quoted ?? word).toLowerCase());
      const speaker = sql`and strpos(lower(author_name), lower(${toText(from ?? "")})) > 0`;
      const found = await rows<LineRow>(
        db,
        sql`
          select conversation_id, title, author_id, author_name, role, text, sent_at
          from (
            select messages.*, place.title, lower(messages.text) as lowered
            from messages join conversations as place on place.id = messages.conversation_id
            where messages.conversation_id = any(${array(visible)}) and place.guild_id = ${guildId}
              and messages.audience = 'channel:' || place.id and messages.text <> ''
              ${from === null ? sql`` : speaker}
            order by messages.sent_at desc limit ${MAX_LOOKED_THROUGH}
          ) as said
          cross join lateral (
            select count(*) as hits from unnest(${array(wanted)}) as word where strpos(lowered, word) > 0
          ) as found
          where hits > 0 order by hits desc, sent_at desc limit ${Math.min(limit, MAX_ROWS)}`,
      );
      return found.map((row) => ({
        conversationId: conversationId(row.conversation_id),
        title: row.title,
        authorId: row.author_id,
        authorName: row.author_name,
        role: row.role,
        text: row.text,
        sentAt: row.sent_at,
      }));
    },
  };
}

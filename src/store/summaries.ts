import { sql } from "drizzle-orm";
import { messageId } from "../core/ids.ts";
import { audienceKey, readableKeys } from "../core/principal.ts";
import type { Transcript } from "../core/stores.ts";
import { array, rows, type Db } from "./database.ts";
import { toText } from "./json.ts";

/** The newest summary of each conversation; an older one is of no use, since the lines themselves stay. */
export function createSummaries(db: Db): Pick<Transcript, "summary" | "saveSummary"> {
  return {
    async summary(scope, conversation) {
      const [found] = await rows<{ text: string; up_to: string; up_to_at: string }>(
        db,
        sql`
          select text, up_to, up_to_at from summaries
          where conversation_id = ${conversation} and audience = any(${array(readableKeys(scope))})`,
      );
      return found
        ? { text: found.text, upTo: messageId(found.up_to), upToAt: new Date(found.up_to_at) }
        : null;
    },

    async saveSummary(scope, conversation, { text, upTo, upToAt }) {
      readableKeys(scope);
      // The message that it covers last may have been deleted while it was made: then it is made anew next time.
      await db.execute(sql`
        with folded as (update conversations set unfolded = 0 where id = ${conversation})
        insert into summaries (conversation_id, audience, text, up_to, up_to_at)
        select conversation_id, audience, ${toText(text)}, id, ${upToAt.toISOString()}::timestamptz
        from messages
        where id = ${upTo} and conversation_id = ${conversation} and audience = ${audienceKey(scope.audience)}
          and deleted_at is null
        on conflict (conversation_id) do update set
          text = excluded.text, up_to = excluded.up_to, up_to_at = excluded.up_to_at, made_at = now()`);
    },
  };
}

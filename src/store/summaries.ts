import { sql } from "drizzle-orm/sql";
import { messageId, type MessageId } from "../core/ids.ts";
import { audienceKey, readableKeys } from "../core/principal.ts";
import type { Transcript } from "../core/stores.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toText } from "./json.ts";

/** Longer than the call that makes a summary: what was deleted or edited within it may stand in there as it was. */
const UNSETTLED = sql`interval '10 minutes'`;

/** The newest summary of each conversation; an older one is of no use, since the lines themselves stay. */
export function createSummaries({
  db,
  transact,
}: Database): Pick<Transcript, "summary" | "saveSummary"> {
  return {
    async summary(scope, conversation) {
      const [found] = await rows<{ text: string; up_to: string; up_to_at: Date }>(
        db,
        sql`
          select text, up_to, up_to_at from summaries
          where conversation_id = ${conversation} and audience = any(${array(readableKeys(scope))})`,
      );
      return found
        ? { text: found.text, upTo: messageId(found.up_to), upToAt: found.up_to_at }
        : null;
    },

    async saveSummary(scope, conversation, { text, upTo, upToAt }) {
      readableKeys(scope);
      await transact(async (transaction) => {
        await lockPlaces(transaction.db, [upTo]);
        // Not saved, it is made anew next time.
        await rows(
          transaction.db,
          sql`
            with saved as (
              insert into summaries (conversation_id, audience, text, up_to, up_to_at)
              select conversation_id, audience, ${toText(text)}, id, ${upToAt}::timestamptz
              from messages as newest
              where id = ${upTo} and conversation_id = ${conversation} and audience = ${audienceKey(scope.audience)}
                and not exists (
                  select from messages as covered
                  where covered.conversation_id = newest.conversation_id and covered.sent_at <= newest.sent_at
                    and greatest(covered.deleted_at, covered.edited_at) > now() - ${UNSETTLED})
              on conflict (conversation_id) do update set
                text = excluded.text, up_to = excluded.up_to, up_to_at = excluded.up_to_at, made_at = now()
              where summaries.up_to_at <= excluded.up_to_at
              returning conversation_id
            )
            update conversations set unfolded = 0 from saved where conversations.id = saved.conversation_id`,
        );
      });
    },
  };
}

/** Removes the summaries that cover these messages: their words are others now. */
export async function unsay(db: Db, ids: readonly MessageId[]): Promise<void> {
  await lockPlaces(db, ids);
  await rows(
    db,
    sql`
      delete from summaries using messages
      where messages.id = any(${array(ids)}) and summaries.conversation_id = messages.conversation_id
        and summaries.up_to_at >= messages.sent_at`,
  );
}

/** So that a summary is saved before words change or after, and not in between. */
const lockPlaces = (db: Db, ids: readonly MessageId[]): Promise<unknown> =>
  rows(
    db,
    sql`
      select from conversations where id in (select conversation_id from messages where id = any(${array(ids)}))
      order by id for no key update`,
  );

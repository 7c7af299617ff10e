import { sql } from "drizzle-orm/sql";
import { userId } from "../core/ids.ts";
import { audienceKey } from "../core/principal.ts";
import { type DueReminder, type ReminderQueue } from "../core/reminders.ts";
import { rows, type Database, type Db } from "./database.ts";
import { AGE_MS, dueQueue, isHeldDue, takeDue } from "./due.ts";
import { toText } from "./json.ts";
import { toReminder, type ReminderRow } from "./reminder-rows.ts";

interface DueRow extends ReminderRow {
  readonly owner_id: string;
  readonly tries: number;
  readonly age_ms: number;
}

export function createReminderQueue(database: Database): ReminderQueue {
  const { db } = database;
  return {
    ...dueQueue(db, sql`reminders`),

    async take(now, limit) {
      const taken = await rows<DueRow>(
        db,
        sql`
          ${takeDue(sql`reminders`, now, limit)} returning *, ${AGE_MS}`,
      );
      return taken.map((row) => ({
        ...toReminder(row),
        owner: userId(row.owner_id),
        tries: row.tries,
        ageMs: row.age_ms,
      }));
    },

    async settle(due, said, next) {
      return database.transact(async (transaction) => {
        const settled = await rows(
          transaction.db,
          sql`
            update reminders set
              state = ${next === null ? "told" : "open"},
              due_at = ${next?.dueAt ?? due.dueAt},
              times_left = ${next?.timesLeft ?? 0},
              leased_until = null, first_tried_at = null, tries = 0
            where ${isHeldDue(due)} returning id`,
        );
        if (settled.length === 0) return false;
        await keepLine(transaction.db, due, said);
        return true;
      });
    },

    async giveUp(due) {
      await rows(
        db,
        sql`update reminders set state = 'undeliverable', leased_until = null where ${isHeldDue(due)}`,
      );
    },
  };
}

/** What Clara said by herself stands in the transcript of the place where it was read. */
async function keepLine(
  db: Db,
  { owner }: Pick<DueReminder, "owner">,
  { place, messageId, text }: Parameters<ReminderQueue["settle"]>[1],
): Promise<void> {
  const audience = audienceKey(place.audience);
  await rows(
    db,
    sql`
      with place as (
        insert into conversations (id, platform, kind, guild_id, channel_id, parent_id, title, audience)
        values (${place.id}, ${place.platform}, ${place.kind}, ${place.guildId}, ${place.channelId}, ${place.parentId},
          ${place.title}, ${audience})
        on conflict (id) do update set id = excluded.id
        returning id
      )
      insert into messages (id, conversation_id, audience, author_id, author_name, role, text, sent_at)
      select ${`${place.platform}:${messageId}`}, place.id, ${audience}, ${owner}, '', 'clara', ${toText(text)}, now()
      from place
      on conflict (id) do nothing`,
  );
}

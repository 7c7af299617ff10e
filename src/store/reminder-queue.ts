import { sql } from "drizzle-orm/sql";
import { userId } from "../core/ids.ts";
import { audienceKey } from "../core/principal.ts";
import { REMINDER_LEASE_MS, type DueReminder, type ReminderQueue } from "../core/reminders.ts";
import { rows, type Database, type Db } from "./database.ts";
import { toText } from "./json.ts";
import { toReminder, type ReminderRow } from "./reminder-rows.ts";

interface DueRow extends ReminderRow {
  readonly owner_id: string;
  readonly tries: number;
  readonly age_ms: number;
}

const isHeld = ({ id, dueAt, tries }: DueReminder) =>
  sql`id = ${id} and due_at = ${dueAt} and tries = ${tries} and state = 'open'`;

export function createReminderQueue(database: Database): ReminderQueue {
  const { db } = database;
  return {
    async take(now, limit) {
      const taken = await rows<DueRow>(
        db,
        sql`
          update reminders set
            leased_until = now() + ${REMINDER_LEASE_MS} * interval '1 millisecond',
            first_tried_at = coalesce(first_tried_at, now()),
            tries = tries + 1
          where id in (
            select id from reminders
            where state = 'open' and due_at <= ${now} and (leased_until is null or leased_until <= now())
            order by due_at, id limit ${limit} for update skip locked)
          returning *, (extract(epoch from now() - first_tried_at) * 1000)::float8 as age_ms`,
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
            where ${isHeld(due)} returning id`,
        );
        if (settled.length === 0) return false;
        await keepLine(transaction.db, due, said);
        return true;
      });
    },

    async giveUp(due) {
      await rows(
        db,
        sql`update reminders set state = 'undeliverable', leased_until = null where ${isHeld(due)}`,
      );
    },

    async release(due, delayMs) {
      await rows(
        db,
        sql`
          update reminders set leased_until = now() + ${Math.round(delayMs)} * interval '1 millisecond'
          where ${isHeld(due)}`,
      );
    },

    async nextDue() {
      const [next] = await rows<{ at: Date | null }>(
        db,
        sql`select min(greatest(due_at, leased_until)) as at from reminders where state = 'open'`,
      );
      return next?.at ?? null;
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

/** An embedded database has no other worker: what one took before was left behind. */
export async function releaseReminders(db: Db): Promise<void> {
  await rows(
    db,
    sql`update reminders set leased_until = null where state = 'open' and leased_until is not null`,
  );
}

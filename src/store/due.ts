import { sql, type SQL } from "drizzle-orm/sql";
import { REMINDER_LEASE_MS } from "../core/reminders.ts";
import { rows, type Db } from "./database.ts";

/** What has a time and is taken by one worker at a time: reminders, schedules and alerts of mail have these columns alike. */
export interface Due {
  readonly id: number;
  readonly dueAt: Date;
  /** Grows with each taking, so that who was too slow holds it no more. */
  readonly tries: number;
}

export const isHeldDue = ({ id, dueAt, tries }: Due): SQL =>
  sql`id = ${id} and due_at = ${dueAt} and tries = ${tries} and state = 'open'`;

/** Takes at most `limit` of those whose time has come, with a lease; to be followed by "returning". */
export const takeDue = (table: SQL, now: Date, limit: number): SQL => sql`
  update ${table} set
    leased_until = now() + ${REMINDER_LEASE_MS} * interval '1 millisecond',
    first_tried_at = coalesce(first_tried_at, now()),
    tries = tries + 1
  where id in (
    select id from ${table}
    where state = 'open' and due_at <= ${now} and (leased_until is null or leased_until <= now())
    order by due_at, id limit ${limit} for update skip locked)`;

/** Since it was taken for the first time. */
export const AGE_MS = sql`(extract(epoch from now() - first_tried_at) * 1000)::float8 as age_ms`;

/** What the queues of reminders, schedules and alerts do alike. */
export const dueQueue = (db: Db, table: SQL) => ({
  async release(due: Due, delayMs: number): Promise<void> {
    await rows(
      db,
      sql`
        update ${table} set leased_until = now() + ${Math.round(delayMs)} * interval '1 millisecond'
        where ${isHeldDue(due)}`,
    );
  },

  async nextDue(): Promise<Date | null> {
    const [next] = await rows<{ at: Date | null }>(
      db,
      sql`select min(greatest(due_at, leased_until)) as at from ${table} where state = 'open'`,
    );
    return next?.at ?? null;
  },
});

/** An embedded database has no other worker: what one took before was left behind. */
export async function releaseDue(db: Db): Promise<void> {
  await rows(db, sql`update mail_accounts set leased_until = null where leased_until is not null`);
  for (const table of [sql`reminders`, sql`schedules`, sql`mail_alerts`])
    await rows(
      db,
      sql`update ${table} set leased_until = null where state = 'open' and leased_until is not null`,
    );
}

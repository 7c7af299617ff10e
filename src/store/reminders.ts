import { sql } from "drizzle-orm/sql";
import { audienceKey, readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import {
  MAX_OPEN_REMINDERS,
  type NewReminder,
  type Pressed,
  type Reminder,
  type Reminders,
} from "../core/reminders.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { isOwn, lockOwner, toReminder, type ReminderRow } from "./reminder-rows.ts";
import { toConversation, type ConversationRow } from "./watermarks.ts";

export function createReminders(database: Database): Reminders {
  const { db } = database;
  const select = async (scope: Scope, id: number): Promise<Reminder | null> => {
    const [row] = await rows<ReminderRow>(
      db,
      sql`select * from reminders where id = ${id} and ${isOwn(scope)}`,
    );
    return row ? toReminder(row) : null;
  };

  return {
    async add(scope, reminder) {
      checkPlace(scope, reminder);
      return database.transact(async (transaction) => {
        await lockOwner(transaction.db, scope);
        const added = await insert(transaction.db, scope, reminder, null);
        return added ? { kind: "added", reminder: added } : { kind: "too-many" };
      });
    },

    async list(scope) {
      const found = await rows<ReminderRow>(
        db,
        sql`
          select * from reminders where ${isOwn(scope)} and state in ('open', 'undeliverable')
          order by due_at, id limit ${MAX_OPEN_REMINDERS}`,
      );
      return found.map(toReminder);
    },

    async cancel(scope, id) {
      const [row] = await rows<ReminderRow>(
        db,
        sql`
          update reminders set state = 'cancelled'
          where id = ${id} and ${isOwn(scope)} and state in ('open', 'undeliverable') returning *`,
      );
      return row ? toReminder(row) : null;
    },

    async done(scope, id, dueAt) {
      const [row] = await rows<ReminderRow>(
        db,
        sql`
          update reminders set state = 'done'
          where id = ${id} and ${isOwn(scope)} and state = 'told' and due_at = ${dueAt} returning *`,
      );
      if (row) return { kind: "done", reminder: toReminder(row) };
      const known = await select(scope, id);
      if (!known) return { kind: "unknown" };
      // Of one that comes again, this time is done and the next is not.
      return known.state === "open" ? { kind: "done", reminder: known } : { kind: "already" };
    },

    async again(scope, id, dueAt, next) {
      return database.transact(async (transaction): Promise<Pressed> => {
        const [row] = await rows<ReminderRow>(
          transaction.db,
          sql`select * from reminders where id = ${id} and ${isOwn(scope)} for update`,
        );
        if (!row) return { kind: "unknown" };
        const origin = `${id}:${dueAt.getTime()}`;
        const [known] = await rows(
          transaction.db,
          sql`select id from reminders where origin = ${origin}`,
        );
        if (known) return { kind: "already" };
        await lockOwner(transaction.db, scope);
        const added = await insert(
          transaction.db,
          scope,
          { ...toReminder(row), ...next },
          { origin, like: id },
        );
        if (!added) return { kind: "too-many" };
        await rows(
          transaction.db,
          sql`update reminders set state = 'done' where id = ${id} and state = 'told'`,
        );
        return { kind: "done", reminder: added };
      });
    },

    one: select,

    async placeOf(scope, id) {
      const [row] = await rows<ConversationRow>(
        db,
        sql`select * from conversations where id = ${id} and audience = any(${array(readableKeys(scope))})`,
      );
      return row ? toConversation(row) : null;
    },
  };
}

/** null when the person has MAX_OPEN_REMINDERS. One that is put off keeps the audience of the first. */
async function insert(
  db: Db,
  scope: Scope,
  reminder: NewReminder,
  again: { readonly origin: string; readonly like: number } | null,
): Promise<Reminder | null> {
  const { place, to, text, dueAt, repeat, times, zone } = reminder;
  const audience =
    again === null
      ? sql`${audienceKey(scope.audience)}`
      : sql`(select audience from reminders where id = ${again.like})`;
  const owner = scope.principal.userId;
  const [row] = await rows<ReminderRow>(
    db,
    sql`
      insert into reminders (owner_id, audience, place, "to", text, zone, due_at, repeat, times_left, origin)
      select ${owner}, ${audience}, ${toJson(place)}::jsonb, ${to}, ${toText(text)}, ${zone}, ${dueAt}::timestamptz,
        ${repeat === null ? null : toJson(repeat)}::jsonb, ${times}::int, ${again?.origin ?? null}
      where (
        select count(*) from reminders where owner_id = ${owner} and state = 'open'
      ) < ${MAX_OPEN_REMINDERS}
      returning *`,
  );
  return row ? toReminder(row) : null;
}

/** What is set in a place is said there or to its owner, nowhere else. */
function checkPlace(scope: Scope, { place }: NewReminder): void {
  readableKeys(scope);
  if (audienceKey(place.audience) !== audienceKey(scope.audience))
    throw new ScopeError("A reminder is set in the scope of its place");
}

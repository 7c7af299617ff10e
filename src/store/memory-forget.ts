import { sql } from "drizzle-orm/sql";
import type { MessageId } from "../core/ids.ts";
import type { MemoryStore } from "../core/memory.ts";
import { readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { unlearnDerived } from "./memory-wishes.ts";
import { isOwn, lockPerson, markShelves, selectFacts, type Changed } from "./memory-rows.ts";

/** What was forgotten can be brought back for so long; then its rows are gone. */
export const GRACE_HOURS = 72;
export const GRACE = sql`make_interval(hours => ${GRACE_HOURS})`;

export function createMemoryForgetting({
  db,
  transact,
}: Database): Pick<MemoryStore, "forgetAll" | "restoreAll" | "forget" | "restore"> {
  return {
    async forgetAll(scope) {
      checkPrivate(scope);
      return transact((transaction) => forgetAllOf(transaction.db, scope));
    },

    async restoreAll(scope) {
      checkPrivate(scope);
      return transact((transaction) => restoreAllOf(transaction.db, scope));
    },

    async forget(scope, id) {
      const [fact] = await selectFacts(
        db,
        sql`where memories.id = ${id} and ${isOwn(scope)} and memories.forgotten_at is null`,
      );
      if (!fact) return null;
      await transact(async (transaction) => {
        await lockPerson(transaction.db, scope);
        const gone = await rows<Changed>(
          transaction.db,
          sql`
            update memories set forgotten_at = now()
            where id = ${id} and ${isOwn(scope)} and forgotten_at is null returning id, owner_id, audience`,
        );
        if (gone.length > 0) await unlearn(transaction.db, scope.principal.userId, fact.sources);
        await markShelves(transaction.db, gone);
      });
      return fact;
    },

    async restore(scope, id) {
      const back = await transact(async (transaction) => {
        await lockPerson(transaction.db, scope);
        const found = await rows<Changed & { sources: readonly string[] }>(
          transaction.db,
          sql`
            update memories set forgotten_at = null
            where id = ${id} and ${isOwn(scope)} and forgotten_at > now() - ${GRACE}
              and not ${HAS_TWIN}
            returning id, owner_id, audience, sources`,
        );
        const sources = found.flatMap((row) => row.sources);
        await rows(
          transaction.db,
          sql`
            delete from memory_unlearnt
            where person_id = ${scope.principal.userId} and message_id = any(${array(sources)})`,
        );
        await markShelves(transaction.db, found);
        return found.length;
      });
      if (back === 0) return null;
      const [fact] = await selectFacts(db, sql`where memories.id = ${id} and ${isOwn(scope)}`);
      return fact ?? null;
    },
  };
}

/** Within a transaction of the caller's. */
export async function forgetAllOf(db: Db, scope: Scope): Promise<number> {
  await lockPerson(db, scope);
  const owner = scope.principal.userId;
  await rows(db, sql`update memory_people set forgotten_at = now() where person_id = ${owner}`);
  const gone = await rows<Changed>(
    db,
    sql`
      update memories set forgotten_at = now() where owner_id = ${owner} and forgotten_at is null
      returning id, owner_id, audience`,
  );
  await markShelves(db, gone);
  return gone.length;
}

/** The same the other way: what was forgotten at once comes back at once. */
export async function restoreAllOf(db: Db, scope: Scope): Promise<number> {
  await lockPerson(db, scope);
  const owner = scope.principal.userId;
  const back = await rows<Changed>(
    db,
    sql`
      update memories set forgotten_at = null
      where owner_id = ${owner} and forgotten_at > now() - ${GRACE}
        and forgotten_at = (select forgotten_at from memory_people where person_id = ${owner})
        and not ${HAS_TWIN}
      returning id, owner_id, audience`,
  );
  await rows(db, sql`update memory_people set forgotten_at = null where person_id = ${owner}`);
  await markShelves(db, back);
  return back.length;
}

/** What a person said anywhere is in that person's hands where nobody else reads. */
function checkPrivate(scope: Scope): void {
  readableKeys(scope);
  if (scope.audience.kind !== "private")
    throw new ScopeError("Everything is forgotten, and brought back, in private only");
}

export const unlearn = (db: Db, personId: string, ids: readonly string[]): Promise<unknown> =>
  rows(
    db,
    sql`
      insert into memory_unlearnt (person_id, message_id)
      select ${personId}, id from unnest(${array(ids)}) as id on conflict do nothing`,
  );

/** The words of these messages are gone or others: what only they prove is gone with them, at once and for good. */
export async function unlearnMessages(db: Db, ids: readonly MessageId[]): Promise<void> {
  const gone = await rows<Changed>(
    db,
    sql`
      delete from memories where sources && ${array(ids)} and sources <@ ${array(ids)} and origin = 'heard'
      returning id, owner_id, audience`,
  );
  await markShelves(db, gone);
  await unlearnDerived(db, ids);
  // What they replaced holds again: nothing is left that says otherwise.
  const again = await rows<Changed>(
    db,
    sql`
      update memories set valid_to = null, superseded_by = null
      where superseded_by = any(${array(gone.map(({ id }) => id))}) and forgotten_at is null
        and not ${HAS_TWIN}
      returning id, owner_id, audience`,
  );
  await markShelves(db, again);
}

/** Learnt again meanwhile. */
export const HAS_TWIN = sql`exists (
  select from memories as twin where twin.owner_id = memories.owner_id and twin.id <> memories.id
    and twin.audience = memories.audience and twin.hash = memories.hash and twin.valid_to is null
    and twin.forgotten_at is null)`;

/** Removes for good what is past its grace period. Gives how many. */
export async function purgeForgotten(db: Db): Promise<number> {
  const gone = await rows<{ id: string }>(
    db,
    sql`delete from memories where forgotten_at <= now() - ${GRACE} returning id`,
  );
  await rows(
    db,
    sql`
      update memory_recalls set facts = array(select unnest(facts) except select unnest(${array(gone.map(({ id }) => id))}))
      where facts && ${array(gone.map(({ id }) => id))}`,
  );
  return gone.length;
}

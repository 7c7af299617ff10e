import { sql, type SQL } from "drizzle-orm/sql";
import type { Db } from "./database.ts";
import { array, rows } from "./database.ts";
import { readableKeys, type Scope } from "../core/principal.ts";

/** What a person said anywhere in private; elsewhere what its readers may know. For tables with `owner_id` and `audience`. */
export const isUsableIn = (scope: Scope, table: SQL): SQL => {
  const keys = readableKeys(scope);
  return scope.audience.kind === "private"
    ? sql`${table}.owner_id = ${scope.principal.userId}`
    : sql`${table}.audience = any(${array(keys)})`;
};

/**
 * Not what was made of words that its owner wants forgotten, of messages that proved a forgotten fact, or of anybody's
 * who wants no memory. For tables with `owner_id`, `created_at` and `sources`.
 */
export const isWanted = (table: SQL): SQL => sql`
  (not exists (
    select from memory_people as wish where wish.person_id = ${table}.owner_id
      and (wish.mode = 'off' or wish.forgotten_at > ${table}.created_at))
  and not exists (
    select from memory_unlearnt where memory_unlearnt.person_id = ${table}.owner_id
      and memory_unlearnt.message_id = any(${table}.sources)))`;

/** Nobody can have it back: what its owner had forgotten, past the grace period. */
export const isForgottenForGood = (table: SQL, grace: SQL): SQL => sql`
  exists (
    select from memory_people as wish where wish.person_id = ${table}.owner_id
      and wish.forgotten_at > ${table}.created_at and wish.forgotten_at <= now() - ${grace})`;

/** The words of these messages are gone or others: what was made of them alone goes too, and an episode of them in any case. */
export async function unlearnDerived(db: Db, ids: readonly string[]): Promise<void> {
  await rows(
    db,
    sql`
      with unsaid as (delete from intentions where sources && ${array(ids)} and sources <@ ${array(ids)}),
        untold as (delete from relations where sources && ${array(ids)} and sources <@ ${array(ids)})
      delete from episodes where sources && ${array(ids)}`,
  );
}

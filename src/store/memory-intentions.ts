import { sql } from "drizzle-orm/sql";
import { messageId } from "../core/ids.ts";
import type { Intention, Intentions } from "../core/intentions.ts";
import { audienceKey, readableKeys } from "../core/principal.ts";
import { hashOf, saysTheSame, touches } from "../memory/sameness.ts";
import { array, rows } from "./database.ts";
import { GRACE } from "./memory-forget.ts";
import { isTakenBack, keepPerson, newId, tidy, type LearnDeps } from "./memory-learn.ts";
import { lockPerson } from "./memory-rows.ts";
import { isForgottenForGood, isUsableIn, isWanted } from "./memory-wishes.ts";

/** Of one person, still to come. */
const MAX_OPEN = 50;
/** Given to one turn. */
const MAX_TAKEN = 3;
const MAX_CHARS = 200;
/** What is over stays so long, for "why did you ask". */
const KEEP = sql`interval '30 days'`;

const TABLE = sql.raw("intentions");
const IS_OPEN = sql`(intentions.done_at is null and intentions.due_to > now())`;
const INTENTION = sql`intentions.id, intentions.text, intentions.audience, intentions.sources,
  intentions.due_from as "dueFrom", intentions.due_to as "dueTo"`;

type Row = Omit<Intention, "sources"> & { readonly sources: readonly string[] };
const toIntention = (row: Row): Intention => ({ ...row, sources: row.sources.map(messageId) });

export function createIntentions({ database, createId, holdsSecret }: LearnDeps): Intentions & {
  readonly tidy: () => Promise<unknown>;
} {
  const { db, transact } = database;
  return {
    add: (scope, intentions) =>
      transact(async ({ db: within }) => {
        const audience = audienceKey(scope.audience);
        readableKeys(scope);
        const { mode, never } = await lockPerson(within, scope);
        if (mode !== "on") return 0;
        await keepPerson(within, scope);
        const owner = scope.principal.userId;
        const open = await rows<{ text: string }>(
          within,
          sql`select text from intentions where owner_id = ${owner} and audience = ${audience} and ${IS_OPEN} and ${isWanted(TABLE)}`,
        );
        const known = open.map(({ text }) => text);
        const before = known.length;
        for (const given of intentions) {
          const text = tidy(given.text, MAX_CHARS);
          if (text === "" || known.length >= MAX_OPEN || touches(text, never)) continue;
          if (holdsSecret(text)) continue;
          if (known.some((each) => saysTheSame(each, text))) continue;
          if (await isTakenBack(within, given.sources)) continue;
          const added = await rows(
            within,
            sql`
              insert into intentions (id, owner_id, audience, text, hash, due_from, due_to, sources)
              values (${newId(createId, "i")}, ${owner}, ${audience}, ${text}, ${hashOf(text, "")},
                ${given.dueFrom}, ${given.dueTo}, ${array(given.sources)})
              on conflict (owner_id, audience, hash) where done_at is null do update set
                due_from = excluded.due_from, due_to = excluded.due_to, sources = excluded.sources,
                turn_id = null, created_at = now()
              where intentions.due_to <= now() or not ${isWanted(TABLE)}
              returning id`,
          );
          if (added.length > 0) known.push(text);
        }
        return known.length - before;
      }),

    async list(scope, { offset, limit } = { offset: 0, limit: MAX_OPEN }) {
      const found = await rows<Row>(
        db,
        sql`
          select ${INTENTION} from intentions
          where owner_id = ${scope.principal.userId} and ${isUsableIn(scope, TABLE)} and ${IS_OPEN} and ${isWanted(TABLE)}
          order by due_from, id limit ${Math.min(limit, MAX_OPEN)} offset ${offset}`,
      );
      return found.map(toIntention);
    },

    async cancel(scope, id) {
      const [gone] = await rows<Row>(
        db,
        sql`
          delete from intentions
          where id = ${id} and owner_id = ${scope.principal.userId} and ${isUsableIn(scope, TABLE)} and ${IS_OPEN}
          returning ${INTENTION}`,
      );
      return gone ? toIntention(gone) : null;
    },

    async take(scope, turnId) {
      const taken = await rows<Row>(
        db,
        sql`
          with asked as (
            select id from turns where id = ${turnId} and person_id = ${scope.principal.userId}
              and audience = any(${array(readableKeys(scope))})
          ), due as (
            select intentions.id from intentions join asked
              on intentions.turn_id = asked.id
                or (intentions.turn_id is null and ${IS_OPEN} and intentions.due_from <= now())
            where owner_id = ${scope.principal.userId} and ${isUsableIn(scope, TABLE)} and ${isWanted(TABLE)}
            order by intentions.turn_id nulls last, due_from, intentions.id limit ${MAX_TAKEN}
            for update of intentions skip locked
          )
          update intentions set turn_id = ${turnId} from due where intentions.id = due.id
          returning ${INTENTION}`,
      );
      return taken.map(toIntention);
    },

    tidy: () =>
      rows(
        db,
        sql`
          delete from intentions
          where due_to < now() - ${KEEP} or done_at < now() - ${KEEP} or ${isForgottenForGood(TABLE, GRACE)}`,
      ),
  };
}

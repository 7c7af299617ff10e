import { sql } from "drizzle-orm/sql";
import { PROJECT } from "../core/memory.ts";
import { readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import type { SharedFacts, SharedWith } from "../core/shared-facts.ts";
import { hashOf } from "../memory/sameness.ts";
import { newStrength } from "../memory/strength.ts";
import { array, rows } from "./database.ts";
import { keepPerson, newId, tidy, type LearnDeps } from "./memory-learn.ts";
import { HOLDS, markShelves, selectFacts, type Changed } from "./memory-rows.ts";

/** Of one guild, and of the project. */
const MAX_SHARED = 200;

/** Facts that belong to no person: their owner is their audience. */
export function createSharedFacts({
  database,
  createId,
  now,
  holdsSecret,
}: LearnDeps): SharedFacts {
  const { db, transact } = database;
  return {
    async list(scope) {
      const owners = array(ownersIn(scope));
      return selectFacts(
        db,
        sql`
          where memories.owner_id = any(${owners}) and ${HOLDS}
          order by memories.created_at desc, memories.id limit ${2 * MAX_SHARED}`,
      );
    },

    async add(scope, { text: given, kind, sharedWith }) {
      const owner = ownerOf(scope, sharedWith);
      const text = tidy(given);
      if (text === "") return { kind: "refused", because: "empty" };
      if (holdsSecret(text)) return { kind: "refused", because: "secret" };
      const { stability, difficulty, reviewedAt } = newStrength(now(), true);
      return transact(async (transaction) => {
        await keepPerson(transaction.db, scope);
        const [added] = await rows<Changed & { isNew: boolean }>(
          transaction.db,
          sql`
            insert into memories (id, owner_id, author_id, audience, said_to, kind, text, hash, confidence, origin,
              valid_from, stability, difficulty, reviewed_at)
            select ${newId(createId)}, ${owner}, ${scope.principal.userId}, ${owner}, ${owner}, ${kind}, ${text},
              ${hashOf(text, "")}, 1, 'told', ${now()}::timestamptz, ${stability}::float8, ${difficulty}::float8, ${reviewedAt}::timestamptz
            where (select count(*) from memories where owner_id = ${owner} and ${HOLDS}) < ${MAX_SHARED}
            on conflict (owner_id, audience, hash) where valid_to is null and forgotten_at is null
              do update set kind = excluded.kind
            returning id, owner_id, audience, (xmax = 0) as "isNew"`,
        );
        if (!added) return { kind: "refused", because: "full" };
        await markShelves(transaction.db, [added]);
        return { kind: added.isNew ? "added" : "known", id: added.id };
      });
    },

    async remove(scope, sharedWith, id) {
      const owner = ownerOf(scope, sharedWith);
      return transact(async (transaction) => {
        const [fact] = await selectFacts(
          transaction.db,
          sql`where memories.id = ${id} and memories.owner_id = ${owner} and ${HOLDS}`,
        );
        if (!fact) return null;
        await rows(transaction.db, sql`update memories set forgotten_at = now() where id = ${id}`);
        await markShelves(transaction.db, [{ owner_id: owner, audience: owner }]);
        return fact;
      });
    },
  };
}

/** Throws as readableKeys does. */
function ownersIn(scope: Scope): readonly string[] {
  readableKeys(scope);
  const { guildId } = scope.principal;
  return guildId === null ? [PROJECT] : [`guild:${guildId}`, PROJECT];
}

function ownerOf(scope: Scope, sharedWith: SharedWith): string {
  const owners = ownersIn(scope);
  const owner = sharedWith === "project" ? PROJECT : owners.find((each) => each !== PROJECT);
  if (owner === undefined) throw new ScopeError("There is no guild here to share with");
  return owner;
}

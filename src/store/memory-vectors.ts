import { sql } from "drizzle-orm/sql";
import type { FactVectors } from "../core/recall.ts";
import { rows, type Database } from "./database.ts";
import { HOLDS, markShelves, type Changed } from "./memory-rows.ts";

export function createFactVectors({ db, transact }: Database): FactVectors {
  return {
    forgetAll: () =>
      transact(async (transaction) => {
        const changed = await rows<Changed>(
          transaction.db,
          sql`
            update memories set vector = null, vector_by = null where vector is not null
            returning id, owner_id, audience`,
        );
        await markShelves(transaction.db, changed);
        return changed.length;
      }),

    pending: (embedder, limit) =>
      rows(
        db,
        sql`
          select id, case when subject = '' then text else subject || ': ' || text end as text from memories
          where ${HOLDS} and vector_by is distinct from ${embedder} order by created_at desc limit ${limit}`,
      ),

    save: (embedder, vectors) =>
      transact(async (transaction) => {
        const changed: Changed[] = [];
        for (const { id, vector } of vectors) {
          const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
          changed.push(
            ...(await rows<Changed>(
              transaction.db,
              sql`
                update memories set vector = ${bytes}, vector_by = ${embedder} where id = ${id}
                returning id, owner_id, audience`,
            )),
          );
        }
        await markShelves(transaction.db, changed);
      }),
  };
}

import { sql } from "drizzle-orm/sql";
import type { SecretStore } from "../core/secrets.ts";
import type { Sealer } from "../lib/seal.ts";
import { array, rows, type Db } from "./database.ts";
import { ownerKey } from "./owners.ts";

/** Rows that one round of rewrapping takes. */
const REWRAP_BATCH = 100;

export interface StoredSecrets extends SecretStore {
  /**
   * Moves secrets to the first master key, in rounds, each row by itself: it may be killed at any time and goes on at
   * the next start. `left`: those whose key is not here, or that are broken.
   */
  readonly rewrap: (
    signal: AbortSignal,
  ) => Promise<{ readonly moved: number; readonly left: number }>;
}

/** Without a sealer nothing is kept, and `put` says what to do. */
export function createSecretStore(db: Db, sealer: Sealer | null): StoredSecrets {
  return {
    async put(owner, name, value) {
      if (!sealer)
        throw new Error(
          "There is no key to seal secrets with. Set CLARA_SECRET_KEYS to what `clara new-key` prints, and start again.",
        );
      const sealed = sealer.seal(value, bindingOf(ownerKey(owner), name));
      await rows(
        db,
        sql`
          insert into secrets (owner, name, sealed, key_id)
          values (${ownerKey(owner)}, ${name}, ${sealed}, ${sealer.keyId})
          on conflict (owner, name) do update
            set sealed = excluded.sealed, key_id = excluded.key_id, set_at = now()`,
      );
    },

    async get(owner, name) {
      const [row] = await rows<{ sealed: string }>(
        db,
        sql`select sealed from secrets where owner = ${ownerKey(owner)} and name = ${name}`,
      );
      if (!row) return { kind: "nothing" };
      const unsealed = sealer?.unseal(row.sealed, bindingOf(ownerKey(owner), name));
      return unsealed?.kind === "open"
        ? { kind: "found", secret: unsealed.secret }
        : { kind: "locked" };
    },

    async remove(owner, name) {
      const gone = await rows(
        db,
        sql`delete from secrets where owner = ${ownerKey(owner)} and name = ${name} returning name`,
      );
      return gone.length > 0;
    },

    async names(owner) {
      const found = await rows<{ name: string }>(
        db,
        sql`select name from secrets where owner = ${ownerKey(owner)} order by name`,
      );
      return found.map(({ name }) => name);
    },

    async rewrap(signal) {
      let moved = 0;
      let after = { owner: "", name: "" };
      while (sealer && !signal.aborted) {
        const batch = await rows<{ owner: string; name: string; sealed: string }>(
          db,
          sql`
            select owner, name, sealed from secrets
            where key_id <> ${sealer.keyId} and key_id = any(${array(sealer.keyIds)})
              and (owner, name) > (${after.owner}, ${after.name})
            order by owner, name limit ${REWRAP_BATCH}`,
        );
        for (const { owner, name, sealed } of batch) {
          const anew = sealer.rewrap(sealed, bindingOf(owner, name));
          if (anew === null) continue;
          // What was set anew meanwhile is left as it is.
          await rows(
            db,
            sql`
              update secrets set sealed = ${anew}, key_id = ${sealer.keyId}
              where owner = ${owner} and name = ${name} and sealed = ${sealed}`,
          );
          moved++;
        }
        const last = batch.at(-1);
        if (!last) break;
        after = last;
      }
      const [count] = await rows<{ left: string }>(
        db,
        sql`select count(*) as left from secrets where key_id <> ${sealer?.keyId ?? ""}`,
      );
      return { moved, left: Number(count?.left ?? 0) };
    },
  };
}

/** Where a secret lives. As JSON, so that no two places look alike. */
const bindingOf = (owner: string, name: string): string =>
  JSON.stringify(["secrets", "sealed", owner, name]);

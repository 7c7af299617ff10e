import { sql } from "drizzle-orm/sql";
import type { GoogleLinks } from "../core/google.ts";
import type { UserId } from "../core/ids.ts";
import { readableKeys } from "../core/principal.ts";
import { rows, type Db } from "./database.ts";

/** Long enough that a person who comes late is told so. */
const KEPT = sql`interval '24 hours'`;

export interface StoredGoogleLinks extends GoogleLinks {
  /** Removes what nobody will come back for. */
  readonly tidy: () => Promise<void>;
}

interface PersonRow {
  readonly owner: UserId;
  readonly name: string;
}

const toPerson = ({ owner, name }: PersonRow) => ({ userId: owner, name });

export function createGoogleLinks(db: Db): StoredGoogleLinks {
  return {
    async offer(scope, { idHash, expiresAt }) {
      readableKeys(scope);
      const { userId: owner, displayName } = scope.principal;
      await rows(
        db,
        sql`
          insert into google_links (owner, name, id_hash, expires_at)
          values (${owner}, ${displayName}, ${idHash}, ${expiresAt.toISOString()})
          on conflict (owner) do update set name = excluded.name, id_hash = excluded.id_hash,
            expires_at = excluded.expires_at, state_hash = null, challenge = null`,
      );
    },

    async look(idHash, now) {
      const [row] = await rows<PersonRow>(
        db,
        sql`
          select owner, name from google_links
          where id_hash = ${idHash} and expires_at > ${now.toISOString()}`,
      );
      return row ? toPerson(row) : null;
    },

    async begin(idHash, { stateHash, challenge }, now) {
      const begun = await rows(
        db,
        sql`
          update google_links set state_hash = ${stateHash}, challenge = ${challenge}
          where id_hash = ${idHash} and expires_at > ${now.toISOString()} returning owner`,
      );
      return begun.length > 0;
    },

    async finish(stateHash, challenge, now) {
      const [done] = await rows<PersonRow>(
        db,
        sql`
          delete from google_links
          where state_hash = ${stateHash} and challenge = ${challenge}
            and expires_at > ${now.toISOString()}
          returning owner, name`,
      );
      if (done) return { kind: "finished", person: toPerson(done) };
      const [left] = await rows<{ isLate: boolean }>(
        db,
        sql`
          select expires_at <= ${now.toISOString()} as "isLate" from google_links
          where state_hash = ${stateHash}`,
      );
      if (!left) return { kind: "unknown" };
      return { kind: left.isLate ? "expired" : "other-browser" };
    },

    async forgetAll(person) {
      await rows(db, sql`delete from google_links where owner = ${person}`);
    },

    async tidy() {
      await rows(db, sql`delete from google_links where expires_at < now() - ${KEPT}`);
    },
  };
}

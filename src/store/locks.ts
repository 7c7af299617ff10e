import { sql } from "drizzle-orm/sql";
import type { Locks } from "../core/locks.ts";
import { rows, type Db } from "./database.ts";

export interface StoredLocks extends Locks {
  /** Removes those that ended by themselves. */
  readonly tidy: () => Promise<void>;
}

export function createLocks(db: Db): StoredLocks {
  return {
    async take(name, holder, forMs) {
      const until = sql`now() + ${`${forMs} milliseconds`}::interval`;
      const taken = await rows(
        db,
        sql`
          insert into locks (name, holder, until) values (${name}, ${holder}, ${until})
          on conflict (name) do update set holder = excluded.holder, until = excluded.until
            where locks.until < now()
          returning name`,
      );
      return taken.length > 0;
    },

    async release(name, holder) {
      await rows(db, sql`delete from locks where name = ${name} and holder = ${holder}`);
    },

    async tidy() {
      await rows(db, sql`delete from locks where until < now()`);
    },
  };
}

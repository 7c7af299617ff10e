import { sql } from "drizzle-orm/sql";
import type { ComponentStore, Pressed } from "../core/components.ts";
import type { JsonObject } from "../core/model.ts";
import { rows, type Db } from "./database.ts";
import { toJson } from "./json.ts";

/** Discord's own messages of this kind live for 15 minutes, but the message under a command stays in view. */
const LIFE = sql`interval '24 hours'`;
/** A press that has not ended by then was interrupted. */
const PRESS = sql`interval '15 seconds'`;

export interface StoredComponents extends ComponentStore {
  /** Removes what is too old to be pressed. */
  readonly tidy: () => Promise<void>;
}

export function createComponentStore(db: Db): StoredComponents {
  return {
    async keep({ principal }, controls) {
      if (controls.length === 0) return;
      await rows(
        db,
        sql`
          insert into components (id, owner, action, data, expires_at)
          select control.id, ${principal.userId}, control.action, control.data, now() + ${LIFE}
          from jsonb_to_recordset(${toJson(controls)}::jsonb) as control(id text, action text, data jsonb)`,
      );
    },

    async press({ principal }, id) {
      const { userId } = principal;
      const [found] = await rows<{
        kind: Pressed["kind"];
        action: string;
        data: JsonObject;
      }>(
        db,
        sql`
          with pressed as (
            update components set busy_until = now() + ${PRESS}
            where id = ${id} and owner = ${userId} and expires_at > now()
              and (busy_until is null or busy_until < now())
            returning action, data
          )
          select 'pressed' as kind, action, data from pressed
          union all
          select case when owner = ${userId} then 'busy' else 'not-yours' end, '', '{}'::jsonb from components
          where id = ${id} and expires_at > now() and not exists (select from pressed)`,
      );
      if (!found) return { kind: "gone" };
      return found.kind === "pressed" ? found : { kind: found.kind };
    },

    async release(id, isUsedUp) {
      await rows(
        db,
        isUsedUp
          ? sql`delete from components where id = ${id}`
          : sql`update components set busy_until = null where id = ${id}`,
      );
    },

    async tidy() {
      await rows(db, sql`delete from components where expires_at < now()`);
    },
  };
}

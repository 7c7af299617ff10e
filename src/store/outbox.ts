import { sql } from "drizzle-orm/sql";
import type { Fault } from "../core/fault.ts";
import type { Outbox } from "../core/stores.ts";
import { NOTICE_PART } from "../core/turn.ts";
import { toPart, type PartRow } from "./claim.ts";
import { rows, type Db } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { isHeld, lost } from "./leases.ts";
import { nonceOf } from "./nonce.ts";

interface Deps {
  readonly db: Db;
  readonly fault: Fault;
}

/** How a row is given back. */
const AS_PART = sql`turn_id, part, nonce, content, file, card, files, state, message_id,
  (extract(epoch from now() - created_at) * 1000)::float8 as age_ms`;

export function createOutbox({ db, fault }: Deps): Outbox {
  return {
    async open(lease, part, content) {
      const [row] = await rows<PartRow>(
        db,
        sql`
          insert into outbox (turn_id, part, nonce, content, state)
          select turns.id, ${part}, ${nonceOf(lease, part)}, ${toText(content)}, 'open'
          from turns where ${isHeld(lease)}
          on conflict (turn_id, part) do update set ${AGAIN}, state = 'open', content = excluded.content, card = null
          returning ${AS_PART}`,
      );
      if (!row) throw lost(lease);
      return toPart(row);
    },

    async plan(lease, parts, outcome) {
      const words = parts.map((given, part) => ({ part, nonce: nonceOf(lease, part), ...given }));
      const planned = await rows<PartRow | { part: null }>(
        db,
        sql`
          with held as (
            update turns set state = 'delivering', outcome = ${toJson(outcome)}::jsonb
            where ${isHeld(lease)} returning id
          ), given as (
            select * from jsonb_to_recordset(${toJson(words)}::jsonb)
              as given(part int, nonce text, content text, file jsonb, card jsonb, files jsonb)
          ), planned as (
            insert into outbox (turn_id, part, nonce, content, file, card, files, state)
            select held.id, part, nonce, content, nullif(file, 'null'), nullif(card, 'null'), files, 'planned'
            from held, given
            on conflict (turn_id, part) do update set
              ${AGAIN}, state = 'planned', content = excluded.content, file = excluded.file,
              card = excluded.card, files = excluded.files
            returning ${AS_PART}
          ), surplus as (
            update outbox set state = 'surplus' from held
            where turn_id = held.id and (part >= ${parts.length} or part = ${NOTICE_PART}) and state <> 'removed'
            returning ${AS_PART}
          )
          select rows.* from held left join (select * from planned union all select * from surplus) as rows on true
          order by part`,
      );
      // A lease that is held gives a row, even when there are no parts.
      if (planned.length === 0) throw lost(lease);
      fault("outbox.rows.inserted");
      return planned.flatMap((row) => (row.part === null ? [] : [toPart(row)]));
    },

    async sent(turnId, part, messageId) {
      const known = await rows(
        db,
        sql`
          update outbox set message_id = ${messageId}
          where turn_id = ${turnId} and part = ${part} and state <> 'removed' returning part`,
      );
      fault("outbox.message.id.saved");
      return known.length > 0;
    },

    async settle(lease, part, state, messageId) {
      const settled = await rows(
        db,
        sql`
          update outbox set state = ${state}, message_id = coalesce(${messageId}, outbox.message_id) from turns
          where turns.id = ${lease.turnId} and turns.generation = ${lease.generation} and turns.state in ('running', 'delivering')
            and outbox.turn_id = turns.id and outbox.part = ${part}
          returning outbox.part`,
      );
      if (settled.length === 0) throw lost(lease);
      fault("outbox.message.id.saved");
    },
  };
}

/** A message that was removed is a new one when its part is needed again: its nonce would bring back the old one. */
const AGAIN = sql`
  nonce = case when outbox.state = 'removed' then excluded.nonce else outbox.nonce end,
  message_id = case when outbox.state = 'removed' then null else outbox.message_id end,
  created_at = case when outbox.state = 'removed' then now() else outbox.created_at end`;

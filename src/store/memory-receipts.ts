import { sql, type SQL } from "drizzle-orm/sql";
import { turnId, type TurnId } from "../core/ids.ts";
import { readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import type { DueReceipt, ReceiptCounts, Receipts } from "../core/receipts.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { HAS_TWIN, unlearn } from "./memory-forget.ts";
import {
  IS_KEPT,
  isOwn,
  lockPerson,
  markShelves,
  selectFacts,
  type Changed,
} from "./memory-rows.ts";
import { fromStored } from "./principals.ts";
import { toConversation, type ConversationRow } from "./watermarks.ts";

/** A receipt that comes later than that after what was said helps nobody. */
const SHOWN_WITHIN = sql`interval '1 hour'`;

export interface Written {
  readonly added: readonly string[];
  readonly ended: readonly string[];
  /** What took their place; known before, or among `added`. */
  readonly endedBy: readonly string[];
  readonly withheld: number;
}

/** In the transaction that writes the facts. A turn of somebody else, or of another place, gets none. */
export async function keepReceipt(
  db: Db,
  scope: Scope,
  id: TurnId,
  { added, ended, endedBy, withheld }: Written,
): Promise<void> {
  if (added.length + ended.length + withheld === 0) return;
  await rows(
    db,
    sql`
      insert into memory_receipts (turn_id, person_id, added, ended, ended_by, withheld)
      select id, person_id, ${array(added)}, ${array(ended)}, ${array(endedBy)}, ${withheld}::int from turns
      where id = ${id} and person_id = ${scope.principal.userId} and audience = any(${array(readableKeys(scope))})
      on conflict (turn_id) do update set
        added = memory_receipts.added || excluded.added, ended = memory_receipts.ended || excluded.ended,
        ended_by = memory_receipts.ended_by || excluded.ended_by,
        withheld = memory_receipts.withheld + excluded.withheld, at = now(), shown_at = null, undone_at = null`,
  );
}

export function createReceipts({ db, transact }: Database): Receipts {
  return {
    async due(limit) {
      const found = await rows<DueRow>(
        db,
        sql`
          select receipt.turn_id, turns.principal, row_to_json(place) as place, last.message_id,
            coalesce(turns.outcome->>'detail', '') as detail,
            not exists (
              select from outbox as card where card.turn_id = turns.id and card.part > last.part and card.state = 'done'
            ) as is_last, ${VERSION} as version, ${COUNTS}
          from memory_receipts as receipt
            join turns on turns.id = receipt.turn_id
            join conversations as place on place.id = turns.conversation_id
            join lateral (
              select part, message_id from outbox
              where outbox.turn_id = turns.id and outbox.part >= 0 and outbox.state = 'done' and outbox.card is null
                and outbox.message_id is not null
              order by part desc limit 1
            ) as last on true
          where receipt.shown_at is null and receipt.at > now() - ${SHOWN_WITHIN} and turns.state = 'done'
          order by receipt.at limit ${limit}`,
      );
      return found.map(toDue);
    },

    async settle({ turnId: id, version }) {
      await rows(
        db,
        sql`
          update memory_receipts as receipt set shown_at = now() where turn_id = ${id} and ${VERSION} = ${version}`,
      );
    },

    async of(scope, id) {
      checkPrivate(scope);
      const [found] = await rows<ReceiptRow & { readonly undone: boolean }>(
        db,
        sql`
          select ${WRITTEN}, undone_at is not null as undone, ${COUNTS}
          from memory_receipts as receipt where turn_id = ${id} and person_id = ${scope.principal.userId}`,
      );
      if (!found) return null;
      const facts = await selectFacts(
        db,
        sql`
          where ${isOwn(scope)} and ${IS_KEPT} and memories.id = any(${array([...found.added_ids, ...found.ended_by])})
          order by memories.created_at, memories.id`,
      );
      const { added, changed, withheld } = found;
      return { counts: { added, changed, withheld }, facts, isUndone: found.undone };
    },

    async undo(scope, id) {
      checkPrivate(scope);
      return transact(async (transaction) => {
        await lockPerson(transaction.db, scope);
        const [receipt] = await rows<ReceiptRow>(
          transaction.db,
          sql`
            update memory_receipts as receipt set undone_at = now()
            where turn_id = ${id} and person_id = ${scope.principal.userId} and undone_at is null
            returning ${WRITTEN}, ${COUNTS}`,
        );
        if (!receipt || receipt.added + receipt.changed === 0) return null;
        await takeBack(transaction.db, scope, receipt);
        return { added: receipt.added, changed: receipt.changed };
      });
    },
  };
}

/** What was ended holds again, unless a later change has its place: then it was replaced by that. */
async function takeBack(
  db: Db,
  scope: Scope,
  { added_ids: added, ended, ended_by: endedBy }: ReceiptRow,
): Promise<void> {
  const gone = await rows<Changed & { sources: string[] }>(
    db,
    sql`
      update memories set forgotten_at = now()
      where id = any(${array(added)}) and ${isOwn(scope)} and ${IS_KEPT}
      returning id, owner_id, audience, sources`,
  );
  await rows(
    db,
    sql`
      update memories set superseded_by = later.superseded_by from memories as later
      where memories.id = any(${array(ended)}) and ${isOwn(scope)} and memories.superseded_by = later.id
        and later.id = any(${array(added)}) and later.superseded_by is not null
        and not later.superseded_by = any(${array(added)})`,
  );
  const again = await rows<Changed>(
    db,
    sql`
      update memories set valid_to = null, superseded_by = null
      where id = any(${array(ended)}) and superseded_by = any(${array(endedBy)}) and ${isOwn(scope)} and ${IS_KEPT}
        and not ${HAS_TWIN}
      returning id, owner_id, audience`,
  );
  await unlearn(
    db,
    scope.principal.userId,
    gone.flatMap(({ sources }) => sources),
  );
  await markShelves(db, [...gone, ...again]);
}

/** Grows with everything that the turn writes. */
const VERSION = sql`(cardinality(receipt.added) + cardinality(receipt.ended) + receipt.withheld)`;

const ENDED_BY = sql`
  select old.superseded_by from memories as old join memories as later on later.id = old.superseded_by
  where old.id = any(receipt.ended) and old.forgotten_at is null and later.forgotten_at is null`;

const COUNTS: SQL = sql`
  (select count(*)::int from memories
    where memories.id = any(receipt.added) and ${IS_KEPT} and memories.id not in (${ENDED_BY})) as added,
  (select count(distinct superseded_by)::int from (${ENDED_BY}) as ending) as changed, receipt.withheld`;

/** It tells and touches facts of every audience. */
function checkPrivate(scope: Scope): void {
  readableKeys(scope);
  if (scope.audience.kind !== "private")
    throw new ScopeError("A receipt is read, and taken back, in private only");
}

const WRITTEN = sql`receipt.added as added_ids, receipt.ended, receipt.ended_by`;

interface ReceiptRow extends ReceiptCounts {
  readonly added_ids: readonly string[];
  readonly ended: readonly string[];
  readonly ended_by: readonly string[];
}

interface DueRow extends ReceiptCounts {
  readonly turn_id: string;
  readonly principal: unknown;
  readonly place: ConversationRow;
  readonly message_id: string;
  readonly detail: string;
  readonly is_last: boolean;
  readonly version: number;
}

function toDue(row: DueRow): DueReceipt {
  const place = toConversation(row.place);
  const { added, changed, withheld } = row;
  return {
    turnId: turnId(row.turn_id),
    scope: { principal: fromStored(row.principal), audience: place.audience },
    place,
    messageId: row.message_id,
    detail: row.detail,
    isLast: row.is_last,
    version: row.version,
    counts: { added, changed, withheld },
  };
}

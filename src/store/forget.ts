import { sql } from "drizzle-orm/sql";
import type { MessageId, TurnId } from "../core/ids.ts";
import type { Inbox } from "../core/stores.ts";
import { goAgain, isOpen, lockAnswering } from "./answering.ts";
import { array, rows, type Db, type Transaction } from "./database.ts";
import { cancelFollowUps } from "./follow-ups.ts";
import type { InboxDeps } from "./inbox.ts";
import { unlearnMessages } from "./memory-forget.ts";
import { unsay } from "./summaries.ts";

/**
 * Blanks messages: in the transcript, with the files that came with them, in the steps of the turns that answered them, and in summaries, which are made
 * anew from what is left. See docs/decisions/0004.
 */
export function createForget(deps: InboxDeps): Inbox["forget"] {
  return async (ids) => {
    const stopping = await deps.database.transact(async (transaction) => {
      const gone = await blankMessages(transaction.db, ids);
      if (gone.length > 0) await unsay(transaction.db, gone);
      // Also of those that retention has blanked before: what was learnt from them is still there.
      await unlearnMessages(transaction.db, ids);
      if (gone.length === 0) return [];
      return stopTurns(deps, transaction, gone);
    });
    if (stopping.length > 0) deps.jobs.wake();
    return stopping;
  };
}

async function blankMessages(db: Db, ids: readonly MessageId[]): Promise<readonly MessageId[]> {
  const gone = await rows<{ id: MessageId }>(
    db,
    sql`
      with gone as (
        select id, attachments from messages
        where id = any(${array(ids)}) and deleted_at is null for update
      ), kept as (
        update files set state = 'going'
        where origin in (
          select split_part(gone.id, ':', 1) || ':' || (attachment->>'id')
          from gone cross join lateral jsonb_array_elements(gone.attachments) as attachment)
      )
      update messages set text = '', attachments = '[]', deleted_at = now()
      where id in (select id from gone)
      returning id`,
  );
  return gone.map(({ id }) => id);
}

/** A turn of which some questions are left answers those: their people still wait. Gives the turns that are to stop. */
async function stopTurns(
  deps: InboxDeps,
  transaction: Transaction,
  gone: readonly MessageId[],
): Promise<readonly TurnId[]> {
  const stopping: TurnId[] = [];
  const over: TurnId[] = [];
  for (const turn of await lockAnswering(transaction.db, gone)) {
    const left = turn.questions.filter((id) => !gone.includes(id));
    if (isOpen(turn)) stopping.push(turn.id);
    if (!isOpen(turn)) over.push(turn.id);
    else if (left.length === 0) await cancelTurn(transaction.db, turn.id);
    else if (turn.cancel_reason === null) {
      await goAgain(deps, transaction, turn, left);
      over.push(turn.id);
    }
  }
  stopping.push(...(await cancelFollowUps(transaction.db, gone)));
  // The steps of a turn that stops are blanked at its end.
  await blankSteps(transaction.db, over);
  return stopping;
}

const cancelTurn = (db: Db, id: TurnId): Promise<unknown> =>
  rows(db, sql`update turns set cancel_reason = 'deleted' where id = ${id}`);

/** What the model was told and said, and what it wanted to do, in all revisions of the turns. */
export const blankSteps = (db: Db, ids: readonly TurnId[]): Promise<unknown> =>
  rows(
    db,
    sql`
      with unasked as (
        update approvals set input = '{}', what = '', target = '', state = case when state = 'open' then 'void' else state end
        where turn_id = any(${array(ids)})
      )
      update steps set input = '{}', result = case when result is null then null else '{}'::jsonb end
      where turn_id = any(${array(ids)})`,
  );

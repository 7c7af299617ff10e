import { sql } from "drizzle-orm/sql";
import type { TurnStore } from "../core/stores.ts";
import type { CancelReason, Lease, TurnOutcome } from "../core/turn.ts";
import { rows, together, type Db } from "./database.ts";
import { blankSteps } from "./forget.ts";
import { toJson, toText } from "./json.ts";
import { lost } from "./leases.ts";
import type { TurnStoreDeps } from "./turns.ts";

/** New messages of a conversation after which its summary is looked at again. */
const SUMMARISE_AFTER = 12;

export function createFinish({
  database,
  jobs,
  summaries,
  learning,
  episodes,
}: TurnStoreDeps): TurnStore["finish"] {
  return async (lease, job, outcome) => {
    const { turnId } = lease;
    await database.transact(async (transaction) => {
      const { db } = transaction;
      const [ended] = await together([end(db, lease, outcome), jobs.complete(transaction, job)]);
      if (!ended) throw lost(lease);
      if (ended.cancel_reason === "deleted") await blankSteps(db, [turnId]);
      if (outcome.detail === "deleted") await blankParts(db, lease);
      if (outcome.answer !== null)
        await together([
          learning.add(transaction, { turnId }),
          episodes.add(transaction, { turnId, conversationId: ended.conversation_id }),
        ]);
      if (ended.unfolded >= SUMMARISE_AFTER)
        await summaries.add(transaction, { turnId, conversationId: ended.conversation_id });
    });
    jobs.wake();
  };
}

interface Ended {
  readonly conversation_id: string;
  readonly cancel_reason: CancelReason | null;
  readonly unfolded: number;
}

/**
 * Ends the turn and keeps its answer, under the platform's id of its first part so that replies to it are understood.
 * The answer stands right after its question, whatever was said while it was composed; an earlier revision's goes.
 * Intentions that the turn was given are done with its answer; without one, another turn gets them.
 */
async function end(
  db: Db,
  { turnId, generation }: Lease,
  { state, detail, answer }: TurnOutcome,
): Promise<Ended | undefined> {
  const text = answer === null ? null : toText(answer);
  const [ended] = await rows<Ended>(
    db,
    sql`
      with ended as (
        update turns set state = ${state}, outcome = ${toJson({ state, detail, answer: null })}::jsonb, finished_at = now()
        where id = ${turnId} and generation = ${generation} and state in ('running', 'delivering')
        returning id, conversation_id, audience, person_id, trigger_id, cancel_reason
      ), paid as (
        delete from reservations using ended where reservations.turn_id = ended.id
      ), brought_up as (
        update intentions set
          done_at = case when ${text}::text is null then null else coalesce(intentions.done_at, now()) end,
          turn_id = case when ${text}::text is null then null else intentions.turn_id end
        from ended where intentions.turn_id = ended.id
      ), answer as (
        select coalesce(place.platform || ':' || first_part.message_id, 'answer:' || ended.id) as id,
          ended.conversation_id, ended.audience, ended.person_id, ended.trigger_id,
          question.sent_at + interval '1 millisecond' as sent_at
        from ended
          join messages as question on question.id = ended.trigger_id
          join conversations as place on place.id = ended.conversation_id
          left join outbox as first_part on first_part.turn_id = ended.id and first_part.part = 0
      ), unsaid as (
        delete from messages using answer
        where messages.reply_to = answer.trigger_id and messages.role = 'clara'
          and (messages.id <> answer.id or ${text}::text is null)
      ), said as (
        insert into messages (id, conversation_id, audience, author_id, author_name, role, text, reply_to, sent_at)
        select id, conversation_id, audience, person_id, '', 'clara', ${text}::text, trigger_id, sent_at
        from answer where ${text}::text is not null
        on conflict (id) do update set text = excluded.text
        where messages.deleted_at is null
      )
      select ended.conversation_id, ended.cancel_reason, place.unfolded
      from ended join conversations as place on place.id = ended.conversation_id`,
  );
  return ended;
}

/** The question was taken back before its answer: what was shown of that is gone. */
const blankParts = (db: Db, { turnId }: Lease): Promise<unknown> =>
  rows(db, sql`update outbox set content = '', file = null where turn_id = ${turnId}`);

import { sql } from "drizzle-orm";
import type { TurnStore } from "../core/stores.ts";
import { LeaseLost, type Lease, type TurnOutcome } from "../core/turn.ts";
import { rows, type Db } from "./database.ts";
import { toJson, toText } from "./json.ts";
import type { TurnStoreDeps } from "./turns.ts";

/** New messages of a conversation after which its summary is looked at again. */
const SUMMARISE_AFTER = 12;

export function createFinish({ database, jobs, summaries }: TurnStoreDeps): TurnStore["finish"] {
  return async (lease, job, outcome) => {
    const { turnId } = lease;
    await database.transact(async (transaction) => {
      const ended = await end(transaction.db, lease, outcome);
      if (!ended) throw new LeaseLost(`${turnId} belongs to another generation`);
      if (outcome.detail === "deleted") await blank(transaction.db, lease);
      await jobs.complete(transaction, job);
      if (ended.unfolded >= SUMMARISE_AFTER)
        await summaries.add(transaction, { turnId, conversationId: ended.conversation_id });
    });
    jobs.wake();
  };
}

/**
 * Ends the turn and keeps its answer, under the platform's id of its first part so that replies to it are understood.
 * The answer stands right after its question, whatever was said while it was composed.
 */
async function end(db: Db, { turnId, generation }: Lease, { state, detail, answer }: TurnOutcome) {
  const text = answer === null ? null : toText(answer);
  const [ended] = await rows<{ conversation_id: string; unfolded: number }>(
    db,
    sql`
      with ended as (
        update turns set state = ${state}, outcome = ${toJson({ state, detail, answer })}::jsonb, finished_at = now()
        where id = ${turnId} and generation = ${generation} and state in ('running', 'delivering')
        returning id, conversation_id, audience, person_id, trigger_id
      ), paid as (
        delete from reservations using ended where reservations.turn_id = ended.id
      ), said as (
        insert into messages (id, conversation_id, audience, author_id, author_name, role, text, reply_to, sent_at)
        select coalesce(question_place.platform || ':' || first_part.message_id, 'answer:' || ended.id),
          ended.conversation_id, ended.audience, ended.person_id, '', 'clara', ${text}::text, ended.trigger_id,
          question.sent_at + interval '1 millisecond'
        from ended
          join messages as question on question.id = ended.trigger_id
          join conversations as question_place on question_place.id = ended.conversation_id
          left join outbox as first_part on first_part.turn_id = ended.id and first_part.part = 0
        where ${text}::text is not null
        on conflict (id) do update set text = excluded.text
        where messages.deleted_at is null
      )
      select ended.conversation_id, place.unfolded from ended join conversations as place on place.id = ended.conversation_id`,
  );
  return ended;
}

/** The question was taken back: nothing of it stays in the steps and parts. */
async function blank(db: Db, { turnId }: Lease): Promise<void> {
  await db.execute(sql`
    with parts as (update outbox set content = '', file = null where turn_id = ${turnId})
    update steps set input = '{}', result = case when result is null then null else '{}'::jsonb end
    where turn_id = ${turnId}`);
}

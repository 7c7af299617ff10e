import { sql } from "drizzle-orm/sql";
import { messageId, turnId } from "../core/ids.ts";
import type { JsonObject, Tier } from "../core/model.ts";
import type { StepDecision } from "../core/approvals.ts";
import type { Answering, TurnStore } from "../core/stores.ts";
import type {
  CancelReason,
  OutboxCard,
  KeptFile,
  OutboxFile,
  OutboxPart,
  OutboxState,
  Step,
  Turn,
  TurnOutcome,
  TurnState,
} from "../core/turn.ts";
import { array, rows, type Transaction } from "./database.ts";
import { fromStored } from "./principals.ts";
import type { TurnStoreDeps } from "./turns.ts";
import { toConversation, type ConversationRow } from "./watermarks.ts";

/** Messages of one person that one turn answers together. */
const MAX_ABSORBED = 20;

export function createClaim({ database, jobs, worker }: TurnStoreDeps): TurnStore["claim"] {
  return (job) =>
    database.transact(async (transaction) => {
      const [row] = await rows<ClaimRow>(
        transaction.db,
        sql`
          update turns set
            generation = generation + 1, attempt = ${job.attempt}, worker = ${worker},
            started_at = coalesce(started_at, now()), state = case when state = 'queued' then 'running' else state end
          from conversations as place
          where turns.id = ${job.turnId} and turns.job_id = ${job.jobId}::uuid and turns.attempt <= ${job.attempt}
            and turns.state in ('queued', 'running', 'delivering') and place.id = turns.conversation_id
          returning turns.id, turns.trigger_id, turns.trigger, turns.tier, turns.absorbed,
            turns.principal, turns.revision, turns.generation, turns.attempt, turns.state, turns.cancel_reason, turns.outcome,
            turns.queued_at, (extract(epoch from now() - turns.queued_at) * 1000)::float8 as waited_ms,
            row_to_json(place) as place,
            (select json_agg(each order by each.seq) from steps as each
              where each.turn_id = turns.id and each.revision = turns.revision) as steps,
            (select json_agg(each order by each.part) from (
                select *, (extract(epoch from now() - created_at) * 1000)::float8 as age_ms from outbox
              ) as each
              where each.turn_id = turns.id and each.state <> 'removed') as parts`,
      );
      if (!row) return { kind: "settled" };
      const absorbing = await absorb(transaction, row, jobs);
      return {
        kind: "claimed",
        turn: toTurn({ ...row, ...absorbing }),
        steps: (row.steps ?? []).map(toStep),
        parts: (row.parts ?? []).map(toPart),
        planned: row.state === "delivering",
        outcome: row.state === "delivering" ? row.outcome : null,
        cancelled: row.cancel_reason,
      };
    });
}

interface ClaimRow {
  readonly id: string;
  readonly trigger_id: string;
  readonly trigger: Answering["trigger"];
  readonly tier: Tier | null;
  readonly absorbed: readonly string[];
  readonly principal: unknown;
  readonly revision: number;
  readonly generation: number;
  readonly attempt: number;
  readonly state: TurnState;
  readonly cancel_reason: CancelReason | null;
  readonly outcome: TurnOutcome | null;
  readonly queued_at: Date;
  readonly waited_ms: number;
  readonly place: ConversationRow;
  readonly steps: readonly StepRow[] | null;
  readonly parts: readonly PartRow[] | null;
}

/**
 * In an active channel, what the same person said right after the question is answered with it. Only before the first
 * try, and only turns of which nothing was shown; somebody else's message in between ends the run. See docs/decisions/0003.
 */
async function absorb(
  transaction: Transaction,
  { id, trigger, trigger_id: own, place, state, generation, cancel_reason: cancelled }: ClaimRow,
  jobs: TurnStoreDeps["jobs"],
): Promise<Pick<ClaimRow, "trigger_id" | "absorbed"> | null> {
  if (trigger !== "active" || state !== "running" || generation > 1 || cancelled !== null)
    return null;
  const taken = await rows<{ trigger_id: string; job_id: string }>(
    transaction.db,
    sql`
      with behind as (
        select other.seq, other.id,
          bool_and(
            other.state = 'queued' and other.cancel_reason is null and other.trigger = 'active'
            and other.person_id = mine.person_id and other.tier is null and other.revision = 0
            and not exists (select from outbox where outbox.turn_id = other.id)
          ) over (order by other.seq) as follows
        from turns as other, turns as mine
        where mine.id = ${id} and other.conversation_id = ${place.id} and other.seq > mine.seq
          and other.state in ('queued', 'running', 'delivering')
        order by other.seq limit ${MAX_ABSORBED}
      ), taken as (
        update turns set state = 'merged', merged_into = ${id}, finished_at = now()
        from behind
        where turns.id = behind.id and behind.follows and turns.state = 'queued' and turns.cancel_reason is null
        returning turns.seq, turns.trigger_id, turns.job_id
      )
      select trigger_id, job_id from taken order by seq`,
  );
  const last = taken.at(-1);
  if (!last) return null;
  await jobs.remove(
    transaction,
    taken.map((each) => each.job_id),
  );
  const absorbed = [own, ...taken.slice(0, -1).map((each) => each.trigger_id)];
  await rows(
    transaction.db,
    sql`update turns set trigger_id = ${last.trigger_id}, absorbed = ${array(absorbed)} where id = ${id}`,
  );
  return { trigger_id: last.trigger_id, absorbed };
}

function toTurn(row: ClaimRow): Turn {
  const conversation = toConversation(row.place);
  return {
    id: turnId(row.id),
    conversation,
    scope: { principal: fromStored(row.principal), audience: conversation.audience },
    triggerId: messageId(row.trigger_id),
    absorbed: row.absorbed.map(messageId),
    trigger: row.trigger,
    tier: row.tier,
    revision: row.revision,
    generation: row.generation,
    // Each revision has a job of its own.
    claims: row.attempt + 1,
    queuedAt: row.queued_at,
    waitedMs: Math.max(0, row.waited_ms),
  };
}

interface StepRow {
  readonly seq: number;
  readonly kind: Step["kind"];
  readonly name: string;
  readonly effect: Step["effect"];
  readonly input: JsonObject;
  readonly result: JsonObject | null;
  readonly decision: StepDecision | null;
}

const toStep = ({ seq, kind, name, effect, input, result, decision }: StepRow): Step => ({
  seq,
  kind,
  name,
  effect,
  input,
  result,
  ...(decision !== null && { decision }),
});

/** A row of the outbox, as selected with `age_ms`. */
export interface PartRow {
  readonly turn_id: string;
  readonly part: number;
  readonly nonce: string;
  readonly content: string;
  readonly file: OutboxFile | null;
  readonly card: OutboxCard | null;
  readonly files: readonly KeptFile[] | null;
  readonly state: OutboxState;
  readonly message_id: string | null;
  readonly age_ms: number;
}

export const toPart = (row: PartRow): OutboxPart => ({
  turnId: turnId(row.turn_id),
  part: row.part,
  nonce: row.nonce,
  content: row.content,
  file: row.file,
  ...(row.card !== null && { card: row.card }),
  ...(row.files && row.files.length > 0 ? { files: row.files } : {}),
  state: row.state,
  messageId: row.message_id,
  ageMs: row.age_ms,
});

import { sql } from "drizzle-orm/sql";
import { turnIdOf, type MessageId, type TurnId } from "../core/ids.ts";
import type { CancelReason, TurnState } from "../core/turn.ts";
import { array, rows, type Db, type Transaction } from "./database.ts";
import type { TurnJobs } from "./queue/turn-jobs.ts";

/** A turn as far as changes to its questions go. */
export interface AnsweringTurn {
  readonly id: TurnId;
  readonly conversation_id: string;
  readonly merged_into: TurnId | null;
  readonly state: TurnState;
  readonly cancel_reason: CancelReason | null;
  readonly finished_at: Date | null;
  /** What it answers, oldest first. */
  readonly questions: readonly MessageId[];
}

/** The turns that answer these messages, each once, locked: nobody claims, absorbs or ends them in the meantime. */
export async function lockAnswering(
  db: Db,
  ids: readonly MessageId[],
): Promise<readonly AnsweringTurn[]> {
  const own = await lock(db, ids.map(turnIdOf));
  const others = own.flatMap((turn) => turn.merged_into ?? []);
  const all = [...own, ...(others.length > 0 ? await lock(db, others) : [])];
  const answering = all.filter(({ merged_into: into }) => into === null);
  return [...new Map(answering.map((turn) => [turn.id, turn])).values()];
}

/** In the order of their ids, so that two who lock several do not wait for each other. */
const lock = (db: Db, ids: readonly TurnId[]): Promise<readonly AnsweringTurn[]> =>
  rows<AnsweringTurn>(
    db,
    sql`
      select id, conversation_id, merged_into, state, cancel_reason, finished_at, absorbed || trigger_id as questions
      from turns where id = any(${array(ids)}) order by id for update`,
  );

/** True until the turn has reached its end. */
export const isOpen = ({ state }: Pick<AnsweringTurn, "state">): boolean =>
  state === "queued" || state === "running" || state === "delivering";

/** The turn once more, with a new job: whoever runs it now has lost it. */
export async function goAgain(
  { jobs, createId }: { readonly jobs: TurnJobs; readonly createId: () => string },
  transaction: Transaction,
  { id, conversation_id: conversationId }: AnsweringTurn,
  questions: readonly MessageId[],
): Promise<void> {
  const jobId = createId();
  await rows(
    transaction.db,
    sql`
      update turns set revision = revision + 1, generation = generation + 1, attempt = 0, state = 'queued',
        outcome = null, cancel_reason = null, job_id = ${jobId}::uuid, queued_at = now(), started_at = null,
        finished_at = null, absorbed = ${array(questions.slice(0, -1))}, trigger_id = ${questions.at(-1)}
      where id = ${id}`,
  );
  await jobs.add(transaction, { jobId, turnId: id, conversationId });
}

import { createHash } from "node:crypto";
import { sql } from "drizzle-orm/sql";
import type { FollowUps, Press, Pressed } from "../core/follow-up.ts";
import { turnId as toTurnId, type MessageId, type TurnId } from "../core/ids.ts";
import type { Tier } from "../core/model.ts";
import { isManager, readableKeys, type Scope } from "../core/principal.ts";
import type { TurnState } from "../core/turn.ts";
import { array, rows, type Database, type Db } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { toStored } from "./principals.ts";
import type { TurnJobs } from "./queue/turn-jobs.ts";

interface Deps {
  readonly database: Database;
  readonly jobs: TurnJobs;
  /** A new UUID. */
  readonly createId: () => string;
}

/** As much of a name as is kept. */
const MAX_NAME_CHARS = 200;

/**
 * A click becomes a message of the person who clicked, and a turn that answers it. The message's id ends with the
 * question's own, so that its answer replies to the question: `discord:again:<click>:<question>`. The turn's id is made of
 * the answer that was clicked, so that one answer leads to one turn.
 */
export function createFollowUps(deps: Deps): FollowUps {
  return {
    async press(scope, press) {
      const pressed = await deps.database.transact<Pressed>(async (transaction) => {
        const { db } = transaction;
        const answered = await lockAnswered(db, scope, press.turnId);
        const refusal = refusalOf(answered, scope, press);
        if (refusal || !answered) return { kind: refusal ?? "gone" };
        const id = followUpOf(press.turnId, answered.revision);
        if (await isThere(db, id)) return { kind: "used" };
        const jobId = deps.createId();
        const ahead = await addTurn(db, scope, press, answered, { id, jobId });
        const conversationId = answered.conversation_id;
        await deps.jobs.add(transaction, { jobId, turnId: id, conversationId });
        return { kind: "queued", turnId: id, ahead };
      });
      if (pressed.kind === "queued") deps.jobs.wake();
      return pressed;
    },
  };
}

interface Answered {
  readonly conversation_id: string;
  readonly person_id: string;
  readonly trigger_id: string;
  readonly tier: Tier | null;
  readonly state: TurnState;
  readonly revision: number;
  readonly is_deleted: boolean;
  /** null when nothing of it was worth keeping, as after a failure. */
  readonly answer_id: string | null;
}

/** Locked, so that of two clicks at once the second sees what the first has made. */
async function lockAnswered(db: Db, scope: Scope, id: TurnId): Promise<Answered | undefined> {
  const [answered] = await rows<Answered>(
    db,
    sql`
      select turns.conversation_id, turns.person_id, turns.trigger_id, turns.tier, turns.state, turns.revision,
        question.deleted_at is not null as is_deleted,
        (select answer.id from messages as answer
          where answer.reply_to = turns.trigger_id and answer.role = 'clara' and answer.deleted_at is null
          limit 1) as answer_id
      from turns join messages as question on question.id = turns.trigger_id
      where turns.id = ${id} and turns.audience = any(${array(readableKeys(scope))})
      for update of turns`,
  );
  return answered;
}

function refusalOf(
  answered: Answered | undefined,
  { principal }: Scope,
  { kind }: Press,
): Exclude<Pressed["kind"], "queued" | "used"> | null {
  if (!answered) return "gone";
  if (answered.person_id !== principal.userId && !isManager(principal)) return "not-yours";
  if (["queued", "running", "delivering"].includes(answered.state)) return "open";
  if (answered.state !== "done" || answered.is_deleted) return "gone";
  return answered.answer_id === null && kind !== "retry" ? "gone" : null;
}

const followUpOf = (id: TurnId, revision: number): TurnId =>
  toTurnId(
    `turn:again:${createHash("sha256").update(`${id} ${revision}`).digest("base64url").slice(0, 22)}`,
  );

async function isThere(db: Db, id: TurnId): Promise<boolean> {
  return (await rows(db, sql`select from turns where id = ${id}`)).length > 0;
}

/** Gives how many open turns come first. What the question had attached comes along when it is asked once more. */
async function addTurn(
  db: Db,
  { principal }: Scope,
  { turnId, kind, pressId, text }: Press,
  answered: Answered,
  turn: { readonly id: TurnId; readonly jobId: string },
): Promise<number> {
  const question = answered.trigger_id;
  const id = `discord:again:${pressId}:${question.slice(question.lastIndexOf(":") + 1)}`;
  const name = principal.displayName.slice(0, MAX_NAME_CHARS);
  const replyTo = answered.answer_id ?? question;
  await rows(
    db,
    sql`
      insert into people (id, platform, display_name) values (${principal.userId}, ${principal.platform}, ${name})
      on conflict (id) do nothing`,
  );
  await rows(
    db,
    sql`
      insert into messages (
        id, conversation_id, audience, author_id, author_name, role, text, reply_to, attachments, sent_at)
      select ${id}, conversation_id, audience, ${principal.userId}, ${name}, 'person', ${toText(text)}, ${replyTo},
        case when ${kind === "retry"} then attachments else '[]'::jsonb end, now()
      from messages where id = ${question}`,
  );
  const [added] = await rows<{ ahead: number }>(
    db,
    sql`
      insert into turns (
        id, conversation_id, audience, person_id, principal, guild_id, trigger_id, trigger, tier, job_id)
      select ${turn.id}, turns.conversation_id, turns.audience, ${principal.userId},
        ${toJson(toStored(principal))}::jsonb, turns.guild_id, ${id},
        case when turns.trigger = 'active' then 'reply' else turns.trigger end, turns.tier, ${turn.jobId}::uuid
      from turns where turns.id = ${turnId}
      returning (
        select count(*)::int from turns as other
        where other.conversation_id = ${answered.conversation_id}
          and other.state in ('queued', 'running', 'delivering')
      ) as ahead`,
  );
  return added?.ahead ?? 0;
}

/** Who takes a question back, takes back what was clicked below its answer: the open turns of those are cancelled. */
export async function cancelFollowUps(
  db: Db,
  questions: readonly MessageId[],
): Promise<readonly TurnId[]> {
  const cancelled = await rows<{ id: TurnId }>(
    db,
    sql`
      update turns set cancel_reason = 'deleted'
      where state in ('queued', 'running', 'delivering') and trigger_id like 'discord:again:%'
        and 'discord:' || split_part(trigger_id, ':', 4) = any(${array(questions)})
      returning id`,
  );
  return cancelled.map(({ id }) => id);
}

import { sql, type SQL } from "drizzle-orm/sql";
import type { Fault } from "../core/fault.ts";
import { turnIdOf, type TurnId } from "../core/ids.ts";
import type { IncomingMessage } from "../core/message.ts";
import { audienceKey, type Scope } from "../core/principal.ts";
import type { Answering, Inbox } from "../core/stores.ts";
import { NOTICE_PART, type OutboxPart } from "../core/turn.ts";
import { rows, together, type Database, type Db } from "./database.ts";
import { createForget } from "./forget.ts";
import { toJson, toText } from "./json.ts";
import { checkAuthor, keepMessages } from "./keep-messages.ts";
import { nonceOf } from "./nonce.ts";
import { toStored } from "./principals.ts";
import type { TurnJobs } from "./queue/turn-jobs.ts";
import { createRevise } from "./revise.ts";
import { createWatermarks } from "./watermarks.ts";

export interface InboxDeps {
  readonly database: Database;
  readonly jobs: TurnJobs;
  readonly fault: Fault;
  /** A new UUID. */
  readonly createId: () => string;
}

export function createInbox(deps: InboxDeps): Inbox {
  const { database, jobs, fault, createId } = deps;
  return {
    async accept(scope, message, answering, notice) {
      checkAuthor(scope, message);
      fault("gateway.inbox.tx.begin");
      const accepted = await database.transact(async (transaction) => {
        const { db } = transaction;
        const jobId = createId();
        const turnId = turnIdOf(message.id);
        const [, ahead] = await together([
          keepMessages(db, [message]),
          addTurn(db, scope, message, answering, { id: turnId, jobId }),
        ]);
        if (ahead === null)
          return { kind: (await isFull(db, message, answering)) ? "full" : "known" } as const;
        const words = ahead > 0 ? notice(ahead) : null;
        const [, planned] = await together([
          jobs.add(transaction, { jobId, turnId, conversationId: message.conversation.id }),
          planNotice(db, turnId, words),
        ]);
        fault("gateway.inbox.tx.inserted");
        return { kind: "queued", turnId, ahead, notice: planned } as const;
      });
      fault("gateway.inbox.tx.committed");
      if (accepted.kind === "queued") jobs.wake();
      return accepted;
    },

    async hear(hearings) {
      if (hearings.length === 0) return;
      for (const { scope, message } of hearings) checkAuthor(scope, message);
      await keepMessages(
        database.db,
        hearings.map(({ message }) => message),
      );
    },

    revise: createRevise(deps),
    forget: createForget(deps),
    watermarks: createWatermarks(database.db),
  };
}

/**
 * A turn for a message that is kept. How many open turns come first; null when the message has its turn already, was
 * taken back, or its author has too many.
 */
export async function addTurn(
  db: Db,
  { principal }: Scope,
  { id, conversation }: IncomingMessage,
  { trigger, tier, maxOpen = Infinity }: Answering,
  turn: { readonly id: TurnId; readonly jobId: string },
): Promise<number | null> {
  const [added] = await rows<{ ahead: number }>(
    db,
    sql`
      insert into turns (
        id, conversation_id, audience, person_id, principal, guild_id, trigger_id, trigger, tier, job_id)
      select ${turn.id}, conversation_id, ${audienceKey(conversation.audience)}, author_id,
        ${toJson(toStored(principal))}::jsonb, ${conversation.guildId}, id, ${trigger}, ${tier}, ${turn.jobId}::uuid
      from messages where id = ${id} and deleted_at is null and ${openOf(sql`author_id`)} < ${maxOpen}::float
      on conflict (id) do nothing
      returning (
        select count(*)::int from turns as other
        where other.conversation_id = ${conversation.id} and other.state in ('queued', 'running', 'delivering')
      ) as ahead`,
  );
  return added?.ahead ?? null;
}

const openOf = (personId: SQL) => sql`(
  select count(*) from turns as own
  where own.person_id = ${personId} and own.state in ('queued', 'running', 'delivering'))`;

/** Asked only when a message led to no turn. */
async function isFull(db: Db, message: IncomingMessage, { maxOpen = Infinity }: Answering) {
  const [found] = await rows<{ full: boolean }>(
    db,
    sql`
      select ${openOf(sql`author_id`)} >= ${maxOpen}::float as full from messages
      where id = ${message.id} and deleted_at is null
        and not exists (select from turns where turns.id = ${turnIdOf(message.id)})`,
  );
  return found?.full ?? false;
}

/** See docs/decisions/0002. */
async function planNotice(
  db: Db,
  turnId: TurnId,
  words: string | null,
): Promise<OutboxPart | null> {
  if (words === null) return null;
  const content = toText(words);
  const nonce = nonceOf({ turnId, generation: 0 }, NOTICE_PART);
  await rows(
    db,
    sql`insert into outbox (turn_id, part, nonce, content, state) values (${turnId}, ${NOTICE_PART}, ${nonce}, ${content}, 'open')`,
  );
  return {
    turnId,
    part: NOTICE_PART,
    nonce,
    content,
    file: null,
    state: "open",
    messageId: null,
    ageMs: 0,
  };
}

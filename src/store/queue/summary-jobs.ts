import { sql } from "drizzle-orm/sql";
import type { PgBoss } from "pg-boss";
import type { TurnId } from "../../core/ids.ts";
import type { Conversation } from "../../core/message.ts";
import type { Scope } from "../../core/principal.ts";
import type { Service } from "../../core/service.ts";
import { rows, type Db, type Transaction } from "../database.ts";
import { fromStored } from "../principals.ts";
import { toConversation, type ConversationRow } from "../watermarks.ts";
import { serveQueue } from "./serve-queue.ts";

export const SUMMARY_QUEUE = "summaries";

/** One look at a conversation in this time is enough. */
const AT_MOST_EVERY_SECONDS = 300;
const SERVED = { queue: SUMMARY_QUEUE, name: "summaries", pollSeconds: 5 };

/** What is to be summarised, on behalf of whoever asked last. */
export interface SummaryJob {
  readonly turnId: TurnId;
  readonly scope: Scope;
  readonly conversation: Conversation;
}

export interface SummaryJobs {
  readonly add: (
    transaction: Transaction,
    job: { readonly turnId: TurnId; readonly conversationId: string },
  ) => Promise<void>;
  /** Takes jobs one after the other while it runs. A job that fails is taken up again, at most twice. */
  readonly serve: (handle: (job: SummaryJob, signal: AbortSignal) => Promise<void>) => Service;
}

export function createSummaryJobs(boss: PgBoss, db: Db): SummaryJobs {
  return {
    async add({ boss: transaction }, { turnId: id, conversationId }) {
      const once = { singletonKey: conversationId, singletonSeconds: AT_MOST_EVERY_SECONDS };
      await boss.send(SUMMARY_QUEUE, { turnId: id }, { ...once, db: transaction });
    },

    serve: (handle) =>
      serveQueue(boss, SERVED, async (id, signal) => {
        const found = await loadSummaryJob(db, id);
        if (found) await handle(found, signal);
      }),
  };
}

/** What a turn was about, for jobs that come after it. */
export async function loadSummaryJob(db: Db, id: TurnId): Promise<SummaryJob | null> {
  const [row] = await rows<{ principal: unknown; place: ConversationRow }>(
    db,
    sql`
      select turns.principal, row_to_json(place) as place
      from turns join conversations as place on place.id = turns.conversation_id where turns.id = ${id}`,
  );
  if (!row) return null;
  const conversation = toConversation(row.place);
  const scope = { principal: fromStored(row.principal), audience: conversation.audience };
  return { turnId: id, scope, conversation };
}

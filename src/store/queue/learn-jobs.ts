import { sql } from "drizzle-orm/sql";
import type { PgBoss } from "pg-boss";
import { messageId, type TurnId } from "../../core/ids.ts";
import type { LearnJob } from "../../core/recall.ts";
import type { Service } from "../../core/service.ts";
import { rows, type Db, type Transaction } from "../database.ts";
import { fromStored } from "../principals.ts";
import { serveQueue } from "./serve-queue.ts";
import { toConversation, type ConversationRow } from "../watermarks.ts";

export const LEARN_QUEUE = "memories";

const SERVED = { queue: LEARN_QUEUE, name: "memory", pollSeconds: 5 };

export interface LearnJobs {
  readonly add: (transaction: Transaction, job: { readonly turnId: TurnId }) => Promise<void>;
  /** Takes jobs one after the other while it runs. A job that fails is taken up again, at most twice. */
  readonly serve: (handle: (job: LearnJob, signal: AbortSignal) => Promise<void>) => Service;
}

export function createLearnJobs(boss: PgBoss, db: Db): LearnJobs {
  return {
    async add({ boss: transaction }, { turnId: id }) {
      await boss.send(LEARN_QUEUE, { turnId: id }, { db: transaction });
    },

    serve: (handle) =>
      serveQueue(boss, SERVED, async (id, signal) => {
        const found = await load(db, id);
        if (found) await handle(found, signal);
      }),
  };
}

async function load(db: Db, id: TurnId): Promise<LearnJob | null> {
  const [row] = await rows<{
    principal: unknown;
    place: ConversationRow;
    trigger_id: string;
    absorbed: readonly string[];
  }>(
    db,
    sql`
      select turns.principal, turns.trigger_id, turns.absorbed, row_to_json(place) as place
      from turns join conversations as place on place.id = turns.conversation_id where turns.id = ${id}`,
  );
  if (!row) return null;
  const conversation = toConversation(row.place);
  return {
    turnId: id,
    scope: { principal: fromStored(row.principal), audience: conversation.audience },
    conversationId: conversation.id,
    said: [...row.absorbed, row.trigger_id].map(messageId),
    upTo: messageId(row.trigger_id),
  };
}

import { sql } from "drizzle-orm/sql";
import type { PgBoss } from "pg-boss";
import type { Service } from "../../core/service.ts";
import { rows, type Db, type Transaction } from "../database.ts";
import { serveQueue } from "./serve-queue.ts";
import { loadSummaryJob, type SummaryJob } from "./summary-jobs.ts";

export const EPISODE_QUEUE = "episodes";

const SERVED = { queue: EPISODE_QUEUE, name: "episodes", pollSeconds: 30 };

export interface EpisodeJobs {
  /** Looks at the conversation when it may be quiet. Adding it often makes few jobs of it. */
  readonly add: (
    transaction: Transaction,
    job: { readonly turnId: string; readonly conversationId: string },
  ) => Promise<void>;
  /** Takes jobs one after the other while it runs; one whose place has been quiet for less than `quietMs` comes later. */
  readonly serve: (
    quietMs: number,
    handle: (job: SummaryJob, signal: AbortSignal) => Promise<void>,
  ) => Service;
}

/** A talk is looked at after so long. */
const LOOK_AFTER_SECONDS = 46 * 60;

export function createEpisodeJobs(boss: PgBoss, db: Db): EpisodeJobs {
  // In each span of time one job: whatever is left out has another that runs later than its talk.
  const once = (conversationId: string) => ({
    singletonKey: conversationId,
    singletonSeconds: LOOK_AFTER_SECONDS,
    startAfter: LOOK_AFTER_SECONDS,
  });
  return {
    async add({ boss: transaction }, { turnId: id, conversationId }) {
      await boss.send(EPISODE_QUEUE, { turnId: id }, { ...once(conversationId), db: transaction });
    },

    serve: (quietMs, handle) =>
      serveQueue(boss, SERVED, async (id, signal) => {
        const found = await loadSummaryJob(db, id);
        if (!found) return;
        const { conversation } = found;
        if (await isQuiet(db, conversation.id, quietMs)) await handle(found, signal);
        else await boss.send(EPISODE_QUEUE, { turnId: id }, once(conversation.id));
      }),
  };
}

async function isQuiet(db: Db, conversation: string, quietMs: number): Promise<boolean> {
  const found = await rows(
    db,
    sql`
      select from messages where conversation_id = ${conversation}
        and sent_at > now() - make_interval(secs => ${quietMs / 1000}) limit 1`,
  );
  return found.length === 0;
}

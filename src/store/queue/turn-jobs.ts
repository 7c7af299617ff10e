import type { Db as BossDb, PgBoss } from "pg-boss";
import type { TurnId } from "../../core/ids.ts";
import type { ClaimedJob } from "../../core/stores.ts";
import { together, type Transaction } from "../database.ts";

export const TURN_QUEUE = "turns";

/** The jobs of turns as the stores need them: in the transaction of what they belong to. */
export interface TurnJobs {
  readonly add: (
    transaction: Transaction,
    job: { readonly jobId: string; readonly turnId: TurnId; readonly conversationId: string },
  ) => Promise<void>;
  readonly complete: (transaction: Transaction, job: ClaimedJob) => Promise<void>;
  /** Takes waiting jobs out of the queue. */
  readonly remove: (transaction: Transaction, jobIds: readonly string[]) => Promise<void>;
  /** To be called after the transaction: wakes whoever takes turns in this process. */
  readonly wake: () => void;
}

export function createTurnJobs(boss: PgBoss, wake: () => void, hasOthers: boolean): TurnJobs {
  /** Other processes listen, from the commit on. */
  const announce = async (db: BossDb): Promise<void> => {
    if (hasOthers) await db.executeSql(`select pg_notify('${TURN_QUEUE}', '')`, []);
  };
  return {
    async add({ boss: db }, { jobId, turnId, conversationId }) {
      const options = { id: jobId, singletonKey: conversationId, db };
      await together([boss.send(TURN_QUEUE, { turnId }, options), announce(db)]);
    },
    async complete({ boss: db }, { jobId, attempt }) {
      await boss.complete(TURN_QUEUE, { id: jobId, retryCount: attempt }, null, { db });
    },
    async remove({ boss: db }, jobIds) {
      if (jobIds.length > 0) await boss.deleteJob(TURN_QUEUE, [...jobIds], { db });
    },
    wake,
  };
}

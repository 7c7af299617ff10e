import type { PgBoss } from "pg-boss";
import { z } from "zod";
import { turnId } from "../../core/ids.ts";
import type { ClaimedJob, TurnQueue } from "../../core/stores.ts";
import { preparedBoss, type Database } from "../database.ts";
import { TURN_QUEUE } from "./turn-jobs.ts";

/** Where nothing wakes us, we look for ourselves. */
const POLL_EVERY_MS = 1_000;

const data = z.object({ turnId: z.string().transform(turnId) });

const toAttempt = ({ jobId, attempt }: ClaimedJob) => ({ id: jobId, retryCount: attempt });

export function createTurnQueue(
  boss: PgBoss,
  database: Database,
  wakers: Set<() => void>,
): TurnQueue {
  const db = preparedBoss(database.db);
  const wakeAll = () => wakers.forEach((wake) => wake());

  async function fetchBatch(batchSize: number): Promise<readonly ClaimedJob[]> {
    const jobs = await boss.fetch(TURN_QUEUE, { batchSize, db });
    return jobs.map(({ id, data: given, retryCount }) => ({
      jobId: id,
      turnId: data.parse(given).turnId,
      attempt: retryCount,
    }));
  }

  return {
    async fetch(limit) {
      const jobs: ClaimedJob[] = [];
      while (jobs.length < limit) {
        // Powers of two: the size is part of the statement, and each is planned but once.
        const size = 2 ** Math.floor(Math.log2(limit - jobs.length));
        const batch = await fetchBatch(size);
        jobs.push(...batch);
        if (batch.length < size) break;
      }
      return jobs;
    },

    async touch(jobs) {
      if (jobs.length > 0) await boss.touch(TURN_QUEUE, jobs.map(toAttempt), { db });
    },

    async release(job, delayMs) {
      await database.transact(async ({ boss: transaction }) => {
        await boss.fail(TURN_QUEUE, toAttempt(job), null, { db: transaction });
        if (delayMs <= 0) return;
        const startAfter = Math.ceil(delayMs / 1000);
        await boss.update(TURN_QUEUE, undefined, { id: job.jobId, startAfter, db: transaction });
      });
      wakeAll();
    },

    async drop(job) {
      await boss.complete(TURN_QUEUE, toAttempt(job), null, { db });
      wakeAll();
    },

    onWork(wake, signal) {
      if (signal.aborted) return;
      wakers.add(wake);
      const timer = setInterval(wake, POLL_EVERY_MS);
      const end = () => {
        wakers.delete(wake);
        clearInterval(timer);
      };
      signal.addEventListener("abort", end, { once: true });
    },
  };
}

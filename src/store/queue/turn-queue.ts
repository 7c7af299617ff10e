import type { PgBoss } from "pg-boss";
import { z } from "zod";
import { turnId } from "../../core/ids.ts";
import type { ClaimedJob, TurnQueue } from "../../core/stores.ts";
import type { Database } from "../database.ts";
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
  return {
    async fetch(limit) {
      const jobs = await boss.fetch(TURN_QUEUE, { batchSize: limit });
      return jobs.map(({ id, data: given, retryCount }) => ({
        jobId: id,
        turnId: data.parse(given).turnId,
        attempt: retryCount,
      }));
    },

    async touch(jobs) {
      await boss.touch(TURN_QUEUE, jobs.map(toAttempt));
    },

    async release(job, delayMs) {
      await database.transact(async ({ boss: db }) => {
        await boss.fail(TURN_QUEUE, toAttempt(job), null, { db });
        if (delayMs > 0)
          await boss.update(TURN_QUEUE, undefined, {
            id: job.jobId,
            startAfter: Math.ceil(delayMs / 1000),
            db,
          });
      });
      for (const wake of wakers) wake();
    },

    async drop(job) {
      await boss.complete(TURN_QUEUE, toAttempt(job));
      for (const wake of wakers) wake();
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

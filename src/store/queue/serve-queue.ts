import type { PgBoss } from "pg-boss";
import { z } from "zod";
import { turnId, type TurnId } from "../../core/ids.ts";
import type { Service } from "../../core/service.ts";
import { untilAborted } from "../../lib/until-aborted.ts";

export interface ServedQueue {
  readonly queue: string;
  /** Of the service. */
  readonly name: string;
  /** How long an empty queue is left alone. */
  readonly pollSeconds: number;
}

const data = z.object({ turnId: z.string().transform(turnId) });

/** Takes jobs that come after a turn, one after the other. A job that fails is taken up again, at most twice. */
export const serveQueue = (
  boss: PgBoss,
  { queue, name, pollSeconds }: ServedQueue,
  handle: (id: TurnId, signal: AbortSignal) => Promise<void>,
): Service => ({
  name,
  async run(signal) {
    if (signal.aborted) return;
    let worker: string | null = null;
    worker = await boss.work(queue, { pollingIntervalSeconds: pollSeconds }, async ([job]) => {
      if (job) await handle(data.parse(job.data).turnId, signal);
      // Where one waited, more may: else a busy house does one in each interval and falls behind.
      if (worker !== null) boss.notifyWorker(worker);
    });
    await untilAborted(signal);
    await boss.offWork(queue);
  },
});

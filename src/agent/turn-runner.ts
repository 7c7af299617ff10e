import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "../core/service.ts";
import type { ClaimedJob } from "../core/stores.ts";
import type { Lease } from "../core/turn.ts";
import { TurnInterrupted } from "./interrupt.ts";
import { MAX_RUNNING_TURNS } from "./limits.ts";
import type { TurnDeps } from "./run-turn.ts";
import { runTurn } from "./run-turn.ts";
import { asError } from "../lib/as-error.ts";
import { untilAborted } from "../lib/until-aborted.ts";

/** The queue hears from us this often; it gives a silent worker's turns away after 2.5 s when its session is gone, else after 10 s. */
const TOUCH_EVERY_MS = 1_000;
/** A stop that was asked for in another process is noticed within this time. */
const WATCH_EVERY_MS = 500;

export interface TurnRunner extends Service {
  /** Looks for interrupted turns at once; called when this process has just cancelled some. */
  readonly poke: () => void;
  readonly running: () => number;
}

interface Running {
  readonly job: ClaimedJob;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** null until the turn is claimed. */
  lease: Lease | null;
}

/**
 * Takes turns from the queue and runs them side by side, at most MAX_RUNNING_TURNS. At the end it takes no new ones,
 * gives the running ones `graceMs` to finish, and gives the rest back to the queue as they stand.
 */
export function createTurnRunner(
  deps: TurnDeps,
  { graceMs }: { readonly graceMs: number },
): TurnRunner {
  const { queue, turns, log, fault } = deps;
  const running = new Map<string, Running>();
  let open = true;

  function start(job: ClaimedJob): void {
    const abort = new AbortController();
    const done = runTurn(deps, job, abort.signal, (lease) => {
      entry.lease = lease;
    })
      // Even giving the turn back failed: its job passes on when our heartbeat for it stops.
      .catch((error: unknown) =>
        log.error({ turnId: job.turnId, error: asError(error) }, "turn-abandoned"),
      )
      .finally(() => {
        running.delete(job.jobId);
        fetch();
      });
    const entry: Running = { job, abort, done, lease: null };
    running.set(job.jobId, entry);
  }

  const fetch = oneAtATime(async () => {
    const free = MAX_RUNNING_TURNS - running.size;
    if (!open || free <= 0) return;
    for (const job of await queue.fetch(free)) start(job);
  });

  const watch = oneAtATime(async () => {
    const leases = [...running.values()].flatMap(({ lease }) => lease ?? []);
    if (leases.length === 0) return;
    const interrupted = await turns.interrupted(leases);
    for (const { job, abort } of running.values()) {
      const reason = interrupted.get(job.turnId);
      if (reason !== undefined) abort.abort(new TurnInterrupted(reason));
    }
  });

  const touch = oneAtATime(async () => {
    if (running.size === 0) return;
    await queue.touch([...running.values()].map(({ job }) => job));
    fault("turn.lease.renew");
  });

  /** Runs the task when asked; asked meanwhile, it runs once more afterwards. A failure is logged: the next time heals it. */
  function oneAtATime(task: () => Promise<void>): () => void {
    let busy = false;
    let again = false;
    const go = async (): Promise<void> => {
      busy = true;
      do {
        again = false;
        await task().catch((error: unknown) =>
          log.warn({ error: asError(error) }, "turn-queue-trouble"),
        );
      } while (again);
      busy = false;
    };
    return () => {
      if (busy) again = true;
      else void go();
    };
  }

  return {
    name: "turns",
    poke: watch,
    running: () => running.size,
    async run(signal) {
      const timers = [setInterval(watch, WATCH_EVERY_MS), setInterval(touch, TOUCH_EVERY_MS)];
      try {
        queue.onWork(fetch, signal);
        fetch();
        await untilAborted(signal);
        open = false;
        const drained = Promise.all([...running.values()].map(({ done }) => done));
        await Promise.race([drained, sleep(graceMs, undefined, { ref: false })]);
        for (const { abort } of running.values()) abort.abort(new TurnInterrupted("shutdown"));
        await drained;
      } finally {
        timers.forEach(clearInterval);
      }
    },
  };
}

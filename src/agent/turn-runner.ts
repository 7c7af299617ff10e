import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { MAX_RUNNING_TURNS } from "./limits.ts";
import type { TurnDeps } from "./run-turn.ts";
import { createRunningTurns } from "./running-turns.ts";

/** The queue hears from us this often; it gives a silent worker's turns away after 2.5 s when its session is gone, else after 10 s. */
const TOUCH_EVERY_MS = 1_000;
/** A stop that was asked for in another process is noticed within this time. */
const WATCH_EVERY_MS = 500;

export interface TurnRunner extends Service {
  /** Looks for interrupted turns at once; called when this process has just cancelled some. */
  readonly poke: () => void;
  readonly running: () => number;
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
  const running = createRunningTurns(deps, () => fetch.wake());
  let isOpen = true;

  const fetch = oneAtATime(log, async () => {
    const free = MAX_RUNNING_TURNS - running.count();
    if (!isOpen || free <= 0) return;
    const jobs = await queue.fetch(free);
    // Asked for before the end, and come after it.
    if (isOpen) jobs.forEach(running.start);
    else await Promise.all(jobs.map((job) => queue.release(job, 0)));
  });

  const watch = oneAtATime(log, async () => {
    const leases = running.all().flatMap(({ lease }) => lease() ?? []);
    if (leases.length === 0) return;
    const interrupted = await turns.interrupted(leases);
    for (const { job, interrupt } of running.all()) {
      const reason = interrupted.get(job.turnId);
      if (reason !== undefined) interrupt(reason);
    }
  });

  const touch = oneAtATime(log, async () => {
    if (running.count() === 0) return;
    await queue.touch(running.all().map(({ job }) => job));
    fault("turn.lease.renew");
  });

  async function drain(): Promise<void> {
    isOpen = false;
    await fetch.idle();
    const all = running.all();
    const drained = Promise.all(all.map(({ done }) => done));
    const early = new AbortController();
    await Promise.race([drained, pause(graceMs, early.signal)]);
    early.abort();
    for (const { interrupt } of all) interrupt("shutdown");
    await drained;
  }

  return {
    name: "turns",
    poke: watch.wake,
    running: running.count,
    async run(signal) {
      const timers = [
        setInterval(watch.wake, WATCH_EVERY_MS),
        setInterval(touch.wake, TOUCH_EVERY_MS),
      ];
      try {
        queue.onWork(fetch.wake, signal);
        fetch.wake();
        await untilAborted(signal);
        await drain();
      } finally {
        timers.forEach(clearInterval);
      }
    },
  };
}

interface OneAtATime {
  /** Runs the task; when it runs already, once more afterwards. */
  readonly wake: () => void;
  /** Resolves when it does not run. */
  readonly idle: () => Promise<void>;
}

/** A failure of the task is logged: the next time heals it. */
function oneAtATime(log: Log, task: () => Promise<void>): OneAtATime {
  let running: Promise<void> | null = null;
  let again = false;
  const go = async (): Promise<void> => {
    do {
      again = false;
      await task().catch((error: unknown) =>
        log.warn({ error: asError(error) }, "turn-queue-trouble"),
      );
    } while (again);
    running = null;
  };
  return {
    wake() {
      if (running) again = true;
      else running = go();
    },
    async idle() {
      await running;
    },
  };
}

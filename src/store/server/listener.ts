import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import { WORKER_LOCK } from "../queue/orphans.ts";
import { TURN_QUEUE } from "../queue/turn-jobs.ts";
import { asError } from "../../lib/as-error.ts";
import { untilAborted } from "../../lib/until-aborted.ts";

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;

interface Deps {
  readonly config: pg.ClientConfig;
  readonly worker: number;
  readonly wake: () => void;
  readonly log: Log;
}

/**
 * One session of its own that stays open: it holds the lock by which others see that this worker lives, and hears of
 * new turns from other processes. Comes back by itself; meanwhile turns are found by polling.
 */
export function createListener({ config, worker, wake, log }: Deps): Service {
  async function hold(signal: AbortSignal): Promise<void> {
    const client = new pg.Client(config);
    const broken = new Promise<never>((_, reject) => {
      client.on("error", reject);
      client.on("end", () => reject(new Error("The session ended")));
    });
    broken.catch(() => {}); // Waited for below, once connected.
    try {
      await client.connect();
      client.on("notification", wake);
      await client.query(`listen ${TURN_QUEUE}`);
      wake();
      // Ours as soon as the server has noticed that our session before this one is gone; until then polling must do.
      client.query("select pg_advisory_lock($1, $2)", [WORKER_LOCK, worker]).catch(() => {}); // As `broken` tells.
      await Promise.race([broken, untilAborted(signal)]);
    } finally {
      await client.end().catch(() => {}); // It may be gone already.
    }
  }

  return {
    name: "queue listener",
    async run(signal) {
      for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted;) {
        const startedAt = performance.now();
        await hold(signal).catch((error: unknown) =>
          log.warn({ error: asError(error) }, "queue-listener-lost"),
        );
        pauseMs =
          performance.now() - startedAt > MAX_PAUSE_MS
            ? FIRST_PAUSE_MS
            : Math.min(pauseMs * 2, MAX_PAUSE_MS);
        await sleep(pauseMs, undefined, { signal }).catch(() => {}); // Woken by the end.
      }
    },
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import { sql, type SQL } from "drizzle-orm/sql";
import type { PgBoss } from "pg-boss";
import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import { rows, type Db } from "../database.ts";
import { TURN_QUEUE } from "./turn-jobs.ts";
import { asError } from "../../lib/as-error.ts";

/** Any number that nobody else uses: "work" in ASCII. The second half of the lock is the worker's own number. */
export const WORKER_LOCK = 0x776f726b;

const LOOK_EVERY_MS = 1_000;
/** A worker whose session is gone and that was silent for so long is dead; one that merely lost its connection is not silent. */
const SILENT_FOR = sql`interval '2.5 seconds'`;

/** Turns whose worker is dead: its session's lock is free, and nothing was heard of it. */
const DEAD = sql`
  job.heartbeat_on < now() - ${SILENT_FOR} and not exists (
    select from pg_locks
    where locktype = 'advisory' and granted and classid::bigint = ${WORKER_LOCK} and objid::bigint = turns.worker
  )`;

/** Gives all turns that anybody was at back to the queue: for a store that only this process can have open. */
export const releaseAll = (boss: PgBoss, db: Db): Promise<number> => release(boss, db, sql`true`);

/** Gives the turns of dead workers back to the queue while it runs, within some 4 s of their death. */
export function createOrphanWatch(boss: PgBoss, db: Db, log: Log, wake: () => void): Service {
  const look = async (): Promise<void> => {
    try {
      const count = await release(boss, db, DEAD);
      if (count > 0) log.info({ count }, "turns-taken-over");
      if (count > 0) wake();
    } catch (error) {
      log.warn({ error: asError(error) }, "orphan-watch-failed");
    }
  };
  return {
    name: "orphan watch",
    async run(signal) {
      while (!signal.aborted) {
        await look();
        await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {}); // Woken by the end.
      }
    },
  };
}

async function release(boss: PgBoss, db: Db, which: SQL): Promise<number> {
  // pg-boss has no call for "active jobs that ..."; its table and these columns are documented.
  // The policy is every turn's; asked for, since the index on active jobs is made for it.
  const orphans = await rows<{ id: string; retryCount: number }>(
    db,
    sql`
      select job.id, job.retry_count as "retryCount"
      from pgboss.job as job left join turns on turns.id = job.data->>'turnId'
      where job.name = ${TURN_QUEUE} and job.policy = 'key_strict_fifo' and job.state = 'active' and ${which}`,
  );
  if (orphans.length > 0) await boss.fail(TURN_QUEUE, [...orphans]);
  return orphans.length;
}

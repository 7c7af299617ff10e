import { sql, type SQL } from "drizzle-orm";
import type { PgBoss } from "pg-boss";
import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import { rows, type Db } from "../database.ts";
import { TURN_QUEUE } from "./turn-jobs.ts";
import { asError } from "../../lib/as-error.ts";
import { untilAborted } from "../../lib/until-aborted.ts";

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
      let looking: Promise<void> | null = null;
      const timer = setInterval(() => {
        looking ??= look().finally(() => (looking = null));
      }, LOOK_EVERY_MS);
      await untilAborted(signal);
      clearInterval(timer);
      await looking;
    },
  };
}

async function release(boss: PgBoss, db: Db, which: SQL): Promise<number> {
  // pg-boss has no call for "active jobs that ..."; its table and these columns are documented.
  const orphans = await rows<{ id: string }>(
    db,
    sql`
      select job.id from pgboss.job as job left join turns on turns.job_id = job.id
      where job.name = ${TURN_QUEUE} and job.state = 'active' and ${which}`,
  );
  const ids = orphans.map(({ id }) => id);
  if (ids.length > 0) await boss.fail(TURN_QUEUE, ids);
  return ids.length;
}

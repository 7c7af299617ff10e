import { PgBoss, type Db as BossDb } from "pg-boss";
import type { Log } from "../../core/log.ts";
import { EPISODE_QUEUE } from "./episode-jobs.ts";
import { LEARN_QUEUE } from "./learn-jobs.ts";
import { SUMMARY_QUEUE } from "./summary-jobs.ts";
import { TURN_QUEUE } from "./turn-jobs.ts";

/** A worker that says nothing for so long has lost its turns, even if its session lives. pg-boss allows no less. */
const HEARTBEAT_SECONDS = 10;
/** How often silent workers are looked for. */
const SUPERVISE_SECONDS = 2;
const HOUR_SECONDS = 3_600;
/** However long the program was off, a question is not thrown away: its turn would stay open for ever. */
const NO_RETENTION_SECONDS = 10 * 365 * 24 * HOUR_SECONDS;
/** How a turn ends after too many attempts is the turn's own business; the queue never gives one up. */
const NO_RETRY_LIMIT = 1_000_000;

const NO_JOB = "00000000-0000-0000-0000-000000000000";

/** pg-boss on our own connections, with our queues. */
export async function startBoss(
  db: BossDb,
  { kind, log }: { readonly kind: "embedded" | "server"; readonly log: Log },
): Promise<PgBoss> {
  const boss = new PgBoss({
    db,
    backend: kind === "embedded" ? "pglite" : "postgres",
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    maintenanceIntervalSeconds: HOUR_SECONDS,
    // PGlite has one session, which "concurrently" would wait for for ever.
    reindex: kind === "server",
    monitorVacuum: kind === "server",
  });
  boss.on("error", (error: Error) => log.warn({ error }, "queue-trouble"));
  await boss.start();
  await boss.createQueue(TURN_QUEUE, {
    policy: "key_strict_fifo",
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: 24 * HOUR_SECONDS,
    retryLimit: NO_RETRY_LIMIT,
    deleteAfterSeconds: HOUR_SECONDS,
    retentionSeconds: NO_RETENTION_SECONDS,
  });
  for (const name of [SUMMARY_QUEUE, LEARN_QUEUE, EPISODE_QUEUE])
    await boss.createQueue(name, {
      retryLimit: 2,
      retryBackoff: true,
      expireInSeconds: HOUR_SECONDS / 12,
      deleteAfterSeconds: HOUR_SECONDS,
    });
  // pg-boss looks a queue up on its first use, outside of the caller's transaction: with PGlite's one session that
  // would wait for itself. So the first use is here.
  for (const name of [TURN_QUEUE, SUMMARY_QUEUE, LEARN_QUEUE, EPISODE_QUEUE])
    await boss.touch(name, NO_JOB);
  return boss;
}

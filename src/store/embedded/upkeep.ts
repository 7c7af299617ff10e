import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import { asError } from "../../lib/as-error.ts";
import { untilAborted } from "../../lib/until-aborted.ts";

const LOOK_EVERY_MS = 5_000;
/** The log of changes may grow to this before it is cut by a checkpoint, which takes 30 to 45 ms. */
const MAX_LOG_BYTES = 16 * 2 ** 20;
const VACUUM_EVERY_MS = 30 * 60_000;
/** A full disk fails a write and no more, but a checkpoint that finds no space spoils the session for good. */
const MIN_FREE_BYTES = 64 * 2 ** 20;

interface Deps {
  readonly query: (text: string) => Promise<{ readonly rows: readonly unknown[] }>;
  /** Space that is left for the database. */
  readonly freeBytes: () => Promise<number>;
  /** Rejects when the database ended by itself. */
  readonly broken: Promise<never>;
  readonly log: Log;
}

/** What PostgreSQL does by background processes, which PGlite has none of. Its run rejects when the database broke. */
export function createUpkeep(
  { query, freeBytes, broken, log }: Deps,
  { lookEveryMs = LOOK_EVERY_MS, vacuumEveryMs = VACUUM_EVERY_MS } = {},
): Service {
  let hasChanged = false;

  async function hasSpace(): Promise<boolean> {
    const free = await freeBytes();
    if (free < MIN_FREE_BYTES) log.error({ freeBytes: free }, "disk-full");
    return free >= MIN_FREE_BYTES;
  }

  async function checkpoint(): Promise<void> {
    const { rows } = await query(LOG_TOO_LONG);
    if (rows.length === 0 || !(await hasSpace())) return;
    await query("checkpoint");
    hasChanged = true;
  }

  async function vacuum(): Promise<void> {
    if (!hasChanged || !(await hasSpace())) return;
    hasChanged = false;
    await query("vacuum (analyze)");
  }

  const logged = (task: () => Promise<void>) => () => {
    task().catch((error: unknown) => log.warn({ error: asError(error) }, "upkeep-failed"));
  };

  return {
    name: "database upkeep",
    async run(signal) {
      const timers = [
        setInterval(logged(checkpoint), lookEveryMs),
        setInterval(logged(vacuum), vacuumEveryMs),
      ];
      try {
        await Promise.race([untilAborted(signal), broken]);
      } finally {
        timers.forEach(clearInterval);
      }
    },
  };
}

/** One row when it is. */
const LOG_TOO_LONG = `
  select from pg_control_checkpoint()
  where pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > ${MAX_LOG_BYTES}`;

import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import { asError } from "../../lib/as-error.ts";
import { untilAborted } from "../../lib/until-aborted.ts";

const LOOK_EVERY_MS = 5_000;
/** The log of changes may grow to this before it is cut by a checkpoint, which takes 30 to 45 ms. */
const MAX_LOG_BYTES = 16 * 2 ** 20;
const VACUUM_EVERY_MS = 30 * 60_000;

interface Deps {
  readonly query: (text: string) => Promise<{ readonly rows: readonly unknown[] }>;
  /** Rejects when the database ended by itself. */
  readonly broken: Promise<never>;
  readonly log: Log;
}

/** What PostgreSQL does by background processes, which PGlite has none of. Its run rejects when the database broke. */
export function createUpkeep(
  { query, broken, log }: Deps,
  { lookEveryMs = LOOK_EVERY_MS } = {},
): Service {
  let hasChanged = false;

  async function checkpoint(): Promise<void> {
    const { rows } = await query(LOG_TOO_LONG);
    if (rows.length === 0) return;
    await query("checkpoint");
    hasChanged = true;
  }

  async function vacuum(): Promise<void> {
    if (!hasChanged) return;
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
        setInterval(logged(vacuum), VACUUM_EVERY_MS),
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

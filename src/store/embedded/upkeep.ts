import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import { asError } from "../../lib/as-error.ts";
import { untilAborted } from "../../lib/until-aborted.ts";

/** A checkpoint takes 30 to 45 ms and keeps the log of changes short. */
const CHECKPOINT_EVERY_MS = 30_000;
/** As many statements make a checkpoint worth while. */
const MIN_STATEMENTS = 200;
const VACUUM_EVERY_MS = 30 * 60_000;

interface Deps {
  readonly query: (text: string) => Promise<unknown>;
  /** Statements since the database was opened. */
  readonly statements: () => number;
  readonly log: Log;
}

/** What PostgreSQL does by background processes, which PGlite has none of. */
export function createUpkeep({ query, statements, log }: Deps): Service {
  let checkpointedAt = 0;
  let vacuumedAt = 0;

  const once = async (task: "CHECKPOINT" | "VACUUM (ANALYZE)"): Promise<void> => {
    await query(task).catch((error: unknown) =>
      log.warn({ error: asError(error) }, "upkeep-failed"),
    );
  };
  const checkpoint = () => {
    if (statements() - checkpointedAt < MIN_STATEMENTS) return;
    checkpointedAt = statements();
    void once("CHECKPOINT");
  };
  const vacuum = () => {
    if (statements() - vacuumedAt < MIN_STATEMENTS) return;
    vacuumedAt = statements();
    void once("VACUUM (ANALYZE)");
  };

  return {
    name: "database upkeep",
    async run(signal) {
      const timers = [
        setInterval(checkpoint, CHECKPOINT_EVERY_MS),
        setInterval(vacuum, VACUUM_EVERY_MS),
      ];
      await untilAborted(signal);
      timers.forEach(clearInterval);
    },
  };
}

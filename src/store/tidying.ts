import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { Db } from "./database.ts";
import type { StoredGateLog } from "./gate-log.ts";
import { purgeForgotten } from "./memory-forget.ts";

const TIDY_EVERY_MS = 6 * 3_600_000;

/** Removes what nobody needs any more, four times a day. */
export function createTidying(gateLog: Pick<StoredGateLog, "tidy">, db: Db, log: Log): Service {
  const tidy = () => {
    Promise.all([gateLog.tidy(), purgeForgotten(db)]).catch((error: unknown) =>
      log.warn({ error: asError(error) }, "tidying-failed"),
    );
  };
  return {
    name: "tidying",
    async run(signal) {
      const timer = setInterval(tidy, TIDY_EVERY_MS);
      await untilAborted(signal);
      clearInterval(timer);
    },
  };
}

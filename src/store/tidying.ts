import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { untilAborted } from "../lib/until-aborted.ts";

const TIDY_EVERY_MS = 6 * 3_600_000;

/** Removes what nobody needs any more, four times a day. */
export function createTidying(
  stores: readonly { readonly tidy: () => Promise<unknown> }[],
  log: Log,
): Service {
  const failed = (error: unknown) => log.warn({ error: asError(error) }, "tidying-failed");
  const tidy = () => {
    for (const store of stores) store.tidy().catch(failed);
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

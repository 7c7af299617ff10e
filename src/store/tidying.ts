import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { untilAborted } from "../lib/until-aborted.ts";

const TIDY_EVERY_MS = 6 * 3_600_000;
/** So that a program which is started anew every day tidies, too. */
const FIRST_TIDY_MS = 600_000;

/** Removes what nobody needs any more, soon after the start and then four times a day. */
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
      const first = setTimeout(tidy, FIRST_TIDY_MS);
      const timer = setInterval(tidy, TIDY_EVERY_MS);
      await untilAborted(signal);
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}

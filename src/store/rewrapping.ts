import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { StoredSecrets } from "./secrets.ts";

/** After a start with a new first key: moves the secrets to it, and tells when the old key may go. */
export function createRewrapping(secrets: Pick<StoredSecrets, "rewrap">, log: Log): Service {
  async function rewrap(signal: AbortSignal): Promise<void> {
    try {
      const { moved, left } = await secrets.rewrap(signal);
      if (moved > 0 || left > 0)
        log[left > 0 ? "warn" : "info"]({ moved, left }, "secrets-rewrapped");
    } catch (error) {
      log.warn({ error: asError(error) }, "secrets-not-rewrapped");
    }
  }
  return {
    name: "rewrapping",
    async run(signal) {
      await rewrap(signal);
      await untilAborted(signal);
    },
  };
}

import { loadConfig } from "../config.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { openConfigured, type StoreCommandDeps } from "./open-configured.ts";

/**
 * `clara rotate-keys`: all that is sealed moves to the first key of CLARA_SECRET_KEYS. Killed in between, it goes on from
 * there; a start does the same. Says when the old key may go.
 */
export async function rotateKeys(deps: StoreCommandDeps): Promise<ExitCode> {
  const { machine } = deps;
  await using store = await openConfigured(deps, loadConfig(machine.env));
  const { moved, left } = await store.secrets.rewrap(new AbortController().signal);
  machine.output.write(
    left === 0
      ? `${moved} moved to the first key, none is left under another: older keys may be removed.\n`
      : `${moved} moved to the first key, ${left} cannot be opened with the keys that are here: keep looking for theirs, or let their owners enter them again.\n`,
  );
  return left === 0 ? EXIT.ok : EXIT.failed;
}

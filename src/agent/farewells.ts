import type { Farewells, Goodbye } from "../core/farewells.ts";
import type { FileStore } from "../core/files.ts";
import type { UserId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Scope } from "../core/principal.ts";
import { asError } from "../lib/as-error.ts";
import { createClockwork, type Clockwork } from "./clockwork.ts";

/** For one place to be told; the person is forgotten here all the same. */
const MAX_GOODBYE_MS = 60_000;

export interface FarewellDeps {
  readonly farewells: Pick<Farewells, "due" | "carryOut">;
  readonly files: Pick<FileStore, "forgetAll">;
  readonly goodbyes: readonly Goodbye[];
  /** The person alone, on the platform that the person is of. */
  readonly scopeOf: (person: UserId) => Scope;
  readonly now: () => Date;
  readonly log: Log;
}

/** Takes away everything of whoever asked for it, when the grace period is over. Killed in between, it begins again. */
export const createFarewellClock = (deps: FarewellDeps): Clockwork =>
  createClockwork("farewells", deps, {
    async doDue(limit, signal) {
      let done = 0;
      for (const person of await deps.farewells.due(limit)) {
        try {
          await leaveAll(deps, person, signal);
          // Bytes first: a row without bytes can still be removed, and bytes without a row are found by nobody.
          const files = await deps.files.forgetAll(deps.scopeOf(person));
          const removed = await deps.farewells.carryOut(person);
          if (removed === null) continue;
          deps.log.info({ personId: person, ...removed, files }, "person-forgotten");
          done++;
        } catch (error) {
          if (signal.aborted) return done;
          deps.log.error({ personId: person, error: asError(error) }, "person-not-forgotten");
        }
      }
      return done;
    },
    nextDue: async () => null,
  });

/** Before the keys that it takes are gone. Throws at the end of the program only: then the next one tells them. */
async function leaveAll(
  { goodbyes, scopeOf, log }: FarewellDeps,
  person: UserId,
  signal: AbortSignal,
): Promise<void> {
  for (const { name, leave } of goodbyes) {
    try {
      const soon = AbortSignal.any([signal, AbortSignal.timeout(MAX_GOODBYE_MS)]);
      await leave(scopeOf(person), soon);
    } catch {
      signal.throwIfAborted();
      // Without what was said: it may name the person.
      log.warn({ personId: person, goodbye: name }, "goodbye-failed");
    }
  }
}

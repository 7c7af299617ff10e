import type { ModelHealth } from "./model-health.ts";
import { untilAborted } from "../lib/until-aborted.ts";

/** A database that takes longer is as good as away. */
const DATABASE_PATIENCE_MS = 5_000;

/** What does not work, in words that everybody may read: no names, no addresses. Empty when all is well; never rejects. */
export const createTroubles =
  (deps: {
    /** Rejects when the database does not answer. */
    readonly ping: () => Promise<void>;
    readonly modelHealth: Pick<ModelHealth, "isAway">;
  }) =>
  async (): Promise<readonly string[]> => {
    const isAway = await Promise.race([
      deps.ping().then(
        () => false,
        () => true,
      ),
      untilAborted(AbortSignal.timeout(DATABASE_PATIENCE_MS)).then(() => true),
    ]);
    return [
      ...(isAway ? ["My database does not answer"] : []),
      ...(deps.modelHealth.isAway() ? ["My language model does not answer"] : []),
    ];
  };

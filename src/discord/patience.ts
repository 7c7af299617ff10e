import type { Log } from "../core/log.ts";
import type { Inbox } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";

/** With the pauses of a lane between them, these take more than a minute. */
const MAX_ATTEMPTS = 8;
/** Things whose attempts are counted at the same time. */
const MAX_COUNTED = 1_000;

/** Does something in the store; throws while it should be tried again. null when it was given up. */
export type Patience = <Result>(
  id: string,
  attempt: () => Promise<Result>,
) => Promise<Result | null>;

/**
 * Tells a database that is away from a thing that it will never take. Without a database everything waits; a thing that
 * fails again and again while the database answers is given up with an error in the log, so that it cannot hold up its
 * channel for ever.
 */
export function createPatience(deps: {
  readonly inbox: Pick<Inbox, "watermarks">;
  readonly log: Log;
}): Patience {
  const attempts = new Map<string, number>();
  const isAnswering = () =>
    deps.inbox.watermarks("discord").then(
      () => true,
      () => false,
    );

  return async (id, attempt) => {
    try {
      const result = await attempt();
      attempts.delete(id);
      return result;
    } catch (error) {
      if (!(await isAnswering())) throw error;
      const count = (attempts.get(id) ?? 0) + 1;
      if (count < MAX_ATTEMPTS && attempts.size < MAX_COUNTED) {
        attempts.set(id, count);
        throw error;
      }
      attempts.delete(id);
      deps.log.error({ id, attempts: count, error: asError(error) }, "given-up");
      return null;
    }
  };
}

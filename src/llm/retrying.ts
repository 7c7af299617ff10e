import { ModelError, type Model, type ModelErrorKind } from "../core/model.ts";
import { holdBack } from "./hold-back.ts";
import type { Sleep } from "./sleep.ts";

const MAX_ATTEMPTS = 4;
/** Attempts that fail this way have cost time, and often money: once more, and no more. */
const MAX_ATTEMPTS_BY_KIND: Partial<Record<ModelErrorKind, number>> = {
  "broken-stream": 2,
  timeout: 2,
};
const FIRST_PAUSE_MS = 500;
/** Somebody is waiting for an answer: rather another model than a longer wait. */
const MAX_RETRY_AFTER_MS = 20_000;

/** Tries again what may work the next time, as long as nothing of the answer was seen. */
export function withRetries(
  model: Model,
  { random, sleep }: { readonly random: () => number; readonly sleep: Sleep },
): Model {
  return {
    ...model,
    async *stream(request) {
      for (let attempt = 1; ; attempt++) {
        let isCommitted = false;
        try {
          yield* holdBack(model.stream(request), () => (isCommitted = true));
          return;
        } catch (error) {
          const pauseMs = isCommitted ? null : pauseAfter(attempt, error, random);
          if (pauseMs === null) throw error;
          await sleep(pauseMs, request.signal);
        }
      }
    },
  };
}

/** How long to wait after that attempt has failed; null when it was the last. */
function pauseAfter(attempt: number, error: unknown, random: () => number): number | null {
  if (!(error instanceof ModelError) || !error.retryable) return null;
  if (attempt >= (MAX_ATTEMPTS_BY_KIND[error.kind] ?? MAX_ATTEMPTS)) return null;
  const asked = error.retryAfterMs ?? 0;
  if (asked > MAX_RETRY_AFTER_MS) return null;
  const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  // Half of it by chance, so that many turns that failed together do not come back together.
  return Math.max(asked, pause * (0.5 + random() / 2));
}

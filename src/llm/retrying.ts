import { ModelError, type Model, type ModelErrorKind } from "../core/model.ts";
import { holdBack } from "./hold-back.ts";
import type { Sleep } from "./sleep.ts";

const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 8_000;
/** Somebody is waiting for an answer: rather another model than a longer wait. */
const MAX_RETRY_AFTER_MS = 20_000;
/** Attempts that fail this way have cost time, and often money: once more, and no more. */
const MAX_ATTEMPTS_BY_KIND: Partial<Record<ModelErrorKind, number>> = {
  "broken-stream": 2,
  timeout: 2,
};

export interface RetryOptions {
  readonly random: () => number;
  readonly sleep: Sleep;
  readonly maxAttempts?: number;
  readonly maxRetryAfterMs?: number;
}

/** Tries again what may work the next time, as long as nothing of the answer was seen. */
export function withRetries(model: Model, options: RetryOptions): Model {
  return {
    ...model,
    async *stream(request) {
      for (let attempt = 1; ; attempt++) {
        let isCommitted = false;
        try {
          yield* holdBack(model.stream(request), () => (isCommitted = true));
          return;
        } catch (error) {
          request.signal.throwIfAborted();
          const pauseMs = isCommitted ? null : pauseBefore(attempt + 1, error, options);
          if (pauseMs === null) throw error;
          await options.sleep(pauseMs, request.signal);
        }
      }
    },
  };
}

/** How long to wait before that attempt; null when there must be none. */
function pauseBefore(
  attempt: number,
  error: unknown,
  { random, maxAttempts = MAX_ATTEMPTS, maxRetryAfterMs = MAX_RETRY_AFTER_MS }: RetryOptions,
): number | null {
  if (!(error instanceof ModelError) || !error.retryable) return null;
  if (attempt > Math.min(maxAttempts, MAX_ATTEMPTS_BY_KIND[error.kind] ?? Infinity)) return null;
  const asked = error.retryAfterMs ?? 0;
  if (asked > maxRetryAfterMs) return null;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 2), MAX_PAUSE_MS);
  // Half of it by chance, so that many turns that failed together do not come back together.
  return Math.max(asked, pause * (0.5 + random() / 2));
}

import type { TurnWatcher } from "../core/outlet.ts";

/** So many turns in a row have to fail: one may have been bad luck. */
const FAILED_IN_A_ROW = 2;

/** Failures that say something of the provider and not of the question. */
const OF_PROVIDER: ReadonlySet<string> = new Set([
  "model:overloaded",
  "model:network",
  "model:broken-stream",
  "model:rate-limited",
  "model:timeout",
  "model:auth",
  "model:no-credit",
  "model:not-found",
]);

export interface ModelHealth {
  /** To be told of every turn's end. */
  readonly watch: TurnWatcher;
  /** True until an answer comes again. */
  readonly isAway: () => boolean;
}

/** Whether the language model answers, as far as turns have shown. */
export function createModelHealth(): ModelHealth {
  let failed = 0;
  return {
    watch(_place, _turnId, event) {
      if (event.type !== "turn-end") return;
      if (OF_PROVIDER.has(event.detail)) failed++;
      else if (event.model !== null) failed = 0;
    },
    isAway: () => failed >= FAILED_IN_A_ROW,
  };
}

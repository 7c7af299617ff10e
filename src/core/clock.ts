/** Time is a dependency; `Date.now()` appears here and nowhere else in src/. */
export interface Clock {
  /** Wall time, for showing and storing. */
  readonly now: () => Date;
  /** Milliseconds that only grow, for measuring and timeouts. */
  readonly elapsedMs: () => number;
}

export const systemClock: Clock = {
  now: () => new Date(Date.now()),
  elapsedMs: () => performance.now(),
};

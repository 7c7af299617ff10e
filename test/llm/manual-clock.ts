import type { Clock } from "../../src/core/clock.ts";

/** A clock that stands still until it is told to go on. */
export function manualClock(start = new Date("2026-11-25T12:00:00Z")): Clock & {
  readonly pass: (ms: number) => void;
} {
  let elapsed = 0;
  return {
    now: () => new Date(start.getTime() + elapsed),
    elapsedMs: () => elapsed,
    pass: (ms) => void (elapsed += ms),
  };
}

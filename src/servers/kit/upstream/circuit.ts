import { Failure } from "../failure.ts";

export interface CircuitSettings {
  /** So many failures one after the other open it. */
  readonly failures: number;
  /** How long it stays open before one call tries again. */
  readonly coolDownMs: number;
}

export interface Circuit {
  /** Throws UPSTREAM_UNAVAILABLE while the upstream is left alone. */
  readonly pass: () => void;
  readonly succeeded: () => void;
  readonly failed: () => void;
  /** The call ended without telling anything about the upstream, such as by being cancelled. */
  readonly undecided: () => void;
  readonly isOpen: () => boolean;
}

/**
 * Leaves an upstream alone that is down, so that nobody waits for time-outs and it can get up again.
 *
 *     closed --failures in a row--> open --cool-down--> one call tries --ok--> closed
 *                                     ^------------------- fails ----'
 */
export function createCircuit(stopwatch: () => number, settings: CircuitSettings): Circuit {
  let failures = 0;
  let openedAt: number | null = null;
  let isTrying = false;

  return {
    pass() {
      if (openedAt === null) return;
      const leftMs = openedAt + settings.coolDownMs - stopwatch();
      if (leftMs <= 0 && !isTrying) {
        isTrying = true;
        return;
      }
      throw new Failure(
        "UPSTREAM_UNAVAILABLE",
        "The service did not answer several times in a row.",
        {
          hint: "It is left alone for a while. Tell the person, and try again later.",
          retryAfterMs: Math.max(leftMs, 1000),
        },
      );
    },
    succeeded() {
      failures = 0;
      openedAt = null;
      isTrying = false;
    },
    failed() {
      failures += 1;
      if (failures >= settings.failures) openedAt = stopwatch();
      isTrying = false;
    },
    undecided() {
      isTrying = false;
    },
    isOpen: () => openedAt !== null && stopwatch() - openedAt < settings.coolDownMs,
  };
}

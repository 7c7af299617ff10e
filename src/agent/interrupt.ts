import type { CancelReason } from "../core/turn.ts";

/** lost: another worker has the turn. shutdown: this process is leaving. */
export type InterruptReason = CancelReason | "lost" | "shutdown";

/** The reason with which a running turn's signals are aborted. */
export class TurnInterrupted extends Error {
  override readonly name = "TurnInterrupted";
  readonly reason: InterruptReason;

  constructor(reason: InterruptReason) {
    super(`The turn was interrupted: ${reason}`);
    this.reason = reason;
  }
}

/** A person's stop ends the composing; what was said by then is still delivered. Every other reason ends both. */
export interface TurnSignals {
  readonly compose: AbortSignal;
  readonly deliver: AbortSignal;
}

/** The signals of one turn, and the way to fire them. A later reason may end a delivery that a stop has left alone. */
export function createTurnSignals(): {
  readonly signals: TurnSignals;
  readonly interrupt: (reason: InterruptReason) => void;
} {
  const compose = new AbortController();
  const deliver = new AbortController();
  return {
    signals: { compose: compose.signal, deliver: deliver.signal },
    interrupt(reason) {
      const interrupted = new TurnInterrupted(reason);
      compose.abort(interrupted);
      if (reason !== "stopped" && reason !== "deleted") deliver.abort(interrupted);
    },
  };
}

/** The reason when the signal was aborted by us; null while it lives or when somebody else aborted it. */
export function interruptOf(signal: AbortSignal): InterruptReason | null {
  return signal.reason instanceof TurnInterrupted ? signal.reason.reason : null;
}

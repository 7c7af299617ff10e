import type { CancelReason } from "../core/turn.ts";

/** lost: another worker has the turn. shutdown: this process is leaving. */
export type InterruptReason = CancelReason | "lost" | "shutdown";

/** The reason with which a running turn's signal is aborted. */
export class TurnInterrupted extends Error {
  override readonly name = "TurnInterrupted";
  readonly reason: InterruptReason;

  constructor(reason: InterruptReason) {
    super(`The turn was interrupted: ${reason}`);
    this.reason = reason;
  }
}

/** The reason when the signal was aborted by us; null while it lives or when somebody else aborted it. */
export function interruptOf(signal: AbortSignal): InterruptReason | null {
  return signal.reason instanceof TurnInterrupted ? signal.reason.reason : null;
}

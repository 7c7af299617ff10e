import type { ClaimedJob } from "../core/stores.ts";
import type { Lease } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { createTurnSignals, type InterruptReason } from "./interrupt.ts";
import { runTurn, type TurnDeps } from "./run-turn.ts";

export interface RunningTurn {
  readonly job: ClaimedJob;
  readonly interrupt: (reason: InterruptReason) => void;
  /** Resolves when the turn is over, or was left. */
  readonly done: Promise<void>;
  /** null until the turn is claimed. */
  readonly lease: () => Lease | null;
}

export interface RunningTurns {
  readonly start: (job: ClaimedJob) => void;
  readonly all: () => readonly RunningTurn[];
  readonly count: () => number;
}

/** The turns that this process is at. `onEnd` is called when there is one less. */
export function createRunningTurns(deps: TurnDeps, onEnd: () => void): RunningTurns {
  const running = new Map<string, RunningTurn>();
  return {
    start(job) {
      const { signals, interrupt } = createTurnSignals();
      let lease: Lease | null = null;
      const done = runTurn(deps, job, signals, (claimed) => {
        lease = claimed;
      })
        // Even giving the turn back failed: its job passes on when our heartbeat for it stops.
        .catch((error: unknown) =>
          deps.log.error({ turnId: job.turnId, error: asError(error) }, "turn-abandoned"),
        )
        .finally(() => {
          // The job may have come again already.
          if (running.get(job.jobId) === turn) running.delete(job.jobId);
          onEnd();
        });
      const turn = { job, interrupt, done, lease: () => lease };
      running.set(job.jobId, turn);
    },
    all: () => [...running.values()],
    count: () => running.size,
  };
}

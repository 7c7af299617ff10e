import type { Outlet } from "../core/outlet.ts";
import type { Platform } from "../core/principal.ts";
import type { ClaimedJob, TurnQueue, TurnStore } from "../core/stores.ts";
import type { Lease, Turn, TurnOutcome } from "../core/turn.ts";
import { LeaseLost } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { deliver } from "./deliver.ts";
import { interruptOf, type TurnSignals } from "./interrupt.ts";
import { NOTHING_SPENT, type Spent } from "./notebook.ts";
import { offersAfter } from "./offers.ts";
import { prepare, type Claimed, type PrepareDeps } from "./prepare.ts";

export interface TurnDeps extends PrepareDeps {
  readonly turns: TurnStore;
  readonly queue: TurnQueue;
  readonly outlets: ReadonlyMap<Platform, Outlet>;
}

/** Pause before a turn that failed for unknown reasons is taken up again. */
const RETRY_DELAY_MS = 2_000;
/** Pause before a turn is looked at again whose place this process does not serve: another one may. */
const NO_OUTLET_DELAY_MS = 60_000;

/**
 * One turn from its claim to its end: compose, plan, deliver, finish. Whatever is killed in between, the next attempt
 * goes on where the stored rows say. Resolves when this worker is done with it, for good or because another has it;
 * rejects only when the store cannot even be told.
 */
export async function runTurn(
  deps: TurnDeps,
  job: ClaimedJob,
  signals: TurnSignals,
  onClaimed: (lease: Lease) => void,
): Promise<void> {
  const { turns, queue, outlets, fault } = deps;
  const log = deps.log.child({ turnId: job.turnId });
  try {
    fault("turn.claim.before");
    const claim = await turns.claim(job);
    fault("turn.claim.after");
    if (claim.kind === "settled") return await queue.drop(job);
    const { id: turnId, generation, conversation } = claim.turn;
    const lease = { turnId, generation };
    onClaimed(lease);
    const outlet = outlets.get(conversation.platform);
    if (outlet) return await carryOut(deps, outlet, claim, lease, job, signals);
    log.warn({ platform: conversation.platform }, "no-outlet");
    await queue.release(job, NO_OUTLET_DELAY_MS);
  } catch (error) {
    const reason = error instanceof LeaseLost ? "lost" : interruptOf(signals.deliver);
    log.debug({ reason: reason ?? "failed" }, "turn-left");
    if (reason === "lost" || reason === "edited") return await queue.drop(job);
    if (reason === "shutdown") return await queue.release(job, 0);
    // A failing database, or a bug: nothing is known to be stored, so the turn is given back as it is.
    log.error({ error: asError(error) }, "turn-failed");
    await queue.release(job, RETRY_DELAY_MS);
  }
}

async function carryOut(
  deps: TurnDeps,
  outlet: Outlet,
  claim: Claimed,
  lease: Lease,
  job: ClaimedJob,
  signals: TurnSignals,
): Promise<void> {
  const { turn } = claim;
  const startedAt = deps.clock.elapsedMs();
  const over = new AbortController();
  outlet.voice.working(turn.conversation, AbortSignal.any([signals.compose, over.signal]));
  try {
    deps.watch(turn.conversation, turn.id, { type: "turn-start" });
    const { rows, known, outcome, spent } = claim.planned
      ? plannedBefore(claim)
      : await prepare(deps, outlet, claim, lease, signals.compose);
    const { answerButtons } = await deps.ownSettings.of(turn.scope, turn.conversation);
    const offered = { ...known, offers: answerButtons ? offersAfter(outcome.detail) : [] };
    await deliver({ ...deps, outlet }, turn, lease, rows, offered, signals.deliver);
    await deps.turns.finish(lease, job, outcome);
    deps.fault("turn.finished");
    over.abort();
    report(deps, turn, outcome, spent, deps.clock.elapsedMs() - startedAt);
  } finally {
    over.abort();
  }
}

/** Only the delivery is left. */
const plannedBefore = ({ parts, outcome }: Claimed) => ({
  rows: parts,
  known: { untried: new Set<number>(), finished: new Map<number, string>() },
  outcome: outcome ?? ({ state: "done", detail: "answered", answer: null } as const),
  spent: NOTHING_SPENT,
});

function report(
  deps: TurnDeps,
  turn: Turn,
  { detail }: TurnOutcome,
  spent: Spent,
  elapsed: number,
): void {
  const { model, costUsd, inputTokens, outputTokens } = spent;
  const elapsedMs = Math.round(elapsed);
  const figures = { model, costUsd, inputTokens, outputTokens, elapsedMs };
  deps.watch(turn.conversation, turn.id, { type: "turn-end", detail, ...figures });
  const { revision, generation, waitedMs } = turn;
  deps.log.info(
    { turnId: turn.id, revision, generation, waitedMs, detail, ...figures },
    "turn-end",
  );
}

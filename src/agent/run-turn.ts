import type { Model, Models, Tier } from "../core/model.ts";
import type { Outlet, TurnEvent, TurnWatcher } from "../core/outlet.ts";
import type { Platform } from "../core/principal.ts";
import type { Claim, ClaimedJob, Outbox, TurnQueue, TurnStore } from "../core/stores.ts";
import type { Lease, OutboxPart, Turn, TurnOutcome } from "../core/turn.ts";
import { LeaseLost, NOTICE_PART } from "../core/turn.ts";
import type { Composed, ComposeDeps } from "./compose.ts";
import { compose } from "./compose.ts";
import { deliver, type Known } from "./deliver.ts";
import { interruptOf } from "./interrupt.ts";
import { MAX_TURN_ATTEMPTS } from "./limits.ts";
import type { LiveReply } from "./live-reply.ts";
import { createLiveReply } from "./live-reply.ts";
import { catchingUp, starting, WORDS } from "./words.ts";
import { asError } from "../lib/as-error.ts";

export interface TurnDeps extends ComposeDeps {
  readonly turns: TurnStore;
  readonly queue: TurnQueue;
  readonly outbox: Outbox;
  readonly models: Models;
  readonly chooseTier: TierChooser;
  readonly outlets: ReadonlyMap<Platform, Outlet>;
  readonly watch: TurnWatcher;
}

/** Picks a tier for a question nobody gave one; a paid call of its own only where that is switched on. */
export type TierChooser = (turn: Turn, signal: AbortSignal) => Promise<Tier>;

/** Pause before a turn that failed for unknown reasons is taken up again. */
const RETRY_DELAY_MS = 2_000;
/** A wait that is worth mentioning when the turn begins. */
const NOTEWORTHY_WAIT_MS = 1_500;

type Claimed = Extract<Claim, { kind: "claimed" }>;

/**
 * One turn from its claim to its end: compose, plan, deliver, finish. Whatever is killed in between, the next attempt
 * goes on where the stored rows say. Resolves when this worker is done with it, for good or because another has it;
 * rejects only when the store cannot even be told.
 */
export async function runTurn(
  deps: TurnDeps,
  job: ClaimedJob,
  signal: AbortSignal,
  onClaimed: (lease: Lease) => void,
): Promise<void> {
  const log = deps.log.child({ turnId: job.turnId });
  try {
    const claim = await deps.turns.claim(job);
    if (claim.kind === "settled") return await deps.queue.drop(job);
    const lease = { turnId: claim.turn.id, generation: claim.turn.generation };
    onClaimed(lease);
    await carryOut(deps, claim, lease, job, signal);
  } catch (error) {
    const reason = error instanceof LeaseLost ? "lost" : interruptOf(signal);
    log.debug({ reason: reason ?? "failed" }, "turn-left");
    if (reason === "lost" || reason === "edited") return await deps.queue.drop(job);
    if (reason === "shutdown") return await deps.queue.release(job, 0);
    // A failing database, or a bug: nothing is known to be stored, so the turn is given back as it is.
    log.error({ error: asError(error) }, "turn-failed");
    await deps.queue.release(job, RETRY_DELAY_MS);
  }
}

async function carryOut(
  deps: TurnDeps,
  claim: Claimed,
  lease: Lease,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<void> {
  const { turn } = claim;
  const outlet = deps.outlets.get(turn.conversation.platform);
  if (!outlet) throw new Error(`No outlet for ${turn.conversation.platform}`);
  const startedAt = deps.clock.elapsedMs();
  const over = new AbortController();
  outlet.voice.working(turn.conversation, AbortSignal.any([signal, over.signal]));
  try {
    deps.watch(turn.conversation, turn.id, { type: "turn-start" });
    const ready = claim.planned
      ? { rows: claim.parts, known: NOTHING_KNOWN, outcome: claim.outcome, composed: null }
      : await prepare(deps, outlet, claim, lease, signal);
    const untilGone = deliverySignal(signal);
    await deliver({ ...deps, outlet }, turn, lease, ready.rows, ready.known, untilGone);
    const outcome = ready.outcome ?? { state: "done", detail: "answered", answer: null };
    await deps.turns.finish(lease, job, outcome);
    over.abort();
    report(deps, turn, ready.composed, outcome, deps.clock.elapsedMs() - startedAt);
  } finally {
    over.abort();
  }
}

/** A person's stop ends the composing, not the delivery of what was said: only these reasons end both. */
function deliverySignal(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const check = () => {
    const reason = interruptOf(signal);
    if (reason !== "stopped" && reason !== "deleted") controller.abort(signal.reason);
  };
  if (signal.aborted) check();
  else signal.addEventListener("abort", check, { once: true });
  return controller.signal;
}

const NOTHING_KNOWN: Known = { untried: new Set(), finished: new Map() };

interface Ready {
  readonly rows: readonly OutboxPart[];
  readonly known: Known;
  readonly outcome: TurnOutcome | null;
  readonly composed: Composed | null;
}

/** From the claim to the planned words. */
async function prepare(
  deps: TurnDeps,
  outlet: Outlet,
  claim: Claimed,
  lease: Lease,
  signal: AbortSignal,
): Promise<Ready> {
  const { turn } = claim;
  const live = createLiveReply({ ...deps, outlet }, turn, lease, claim.parts, signal);
  let shown = "";
  const stage = {
    onText: (text: string) => {
      shown = text;
      live.show(text);
    },
    watch: (event: TurnEvent) => {
      deps.watch(turn.conversation, turn.id, event);
      if (outlet.voice.showsTools) return;
      if (event.type === "tool-start") live.status(`-# 🔧 ${event.label}…`);
      if (event.type === "tool-end") live.status(null);
    },
  };
  const notice = claim.parts.find(({ part }) => part === NOTICE_PART);
  if (notice) await withdraw(deps, outlet, turn, lease, notice, signal);
  greet(live, turn, notice !== undefined);
  let composed: Composed | null = null;
  let ended: Ended;
  try {
    composed = await tryCompose(deps, claim, stage, signal);
    ended = { text: composed.text, outcome: asDone(composed) };
  } catch (error) {
    ended = afterInterrupt(signal, shown) ?? rethrow(error);
  } finally {
    // Nothing may be under way to the place when the final words are planned.
    await live.close();
  }
  const parts =
    live.undeliverable() === null ? outlet.voice.render(ended.text, { final: true }) : [];
  deps.fault("outbox.split");
  const before = await live.close();
  const rows = await deps.outbox.plan(lease, parts, ended.outcome);
  const tried = new Set(before.map(({ part }) => part));
  const untried = new Set(rows.map(({ part }) => part).filter((part) => !tried.has(part)));
  const known = { untried, finished: live.finished() };
  return { rows, known, outcome: ended.outcome, composed };
}

interface Ended {
  readonly text: string;
  readonly outcome: TurnOutcome;
}

const rethrow = (error: unknown): never => {
  throw error;
};

/** Answers stand in the order of their questions, so the notice goes before the answer comes. What fails is done at the end. */
async function withdraw(
  deps: TurnDeps,
  outlet: Outlet,
  turn: Turn,
  lease: Lease,
  { messageId }: OutboxPart,
  signal: AbortSignal,
): Promise<void> {
  // Not sent yet, or sent and not told: the delivery will find it.
  if (messageId === null) return;
  try {
    await outlet.remove(turn.conversation, messageId, signal);
    await deps.outbox.settle(lease, NOTICE_PART, "removed", null);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LeaseLost) throw error;
    deps.log.warn({ turnId: turn.id, error: asError(error) }, "notice-not-withdrawn");
  }
}

/** After a wait that was worth mentioning, the first thing that is said is that it is over. */
function greet(live: LiveReply, { absorbed, waitedMs, revision }: Turn, hadNotice: boolean): void {
  if (waitedMs <= NOTEWORTHY_WAIT_MS || revision > 0) return;
  if (absorbed.length > 0) live.status(catchingUp(absorbed.length + 1, waitedMs));
  else if (hadNotice) live.status(starting(waitedMs));
}

async function tryCompose(
  deps: TurnDeps,
  { turn, steps, cancelled }: Claimed,
  stage: Parameters<typeof compose>[4],
  signal: AbortSignal,
): Promise<Composed> {
  if (cancelled === "deleted") return { text: "", detail: "deleted", spent: NOTHING_SPENT };
  if (cancelled === "stopped")
    return { text: WORDS.stopped, detail: "stopped", spent: NOTHING_SPENT };
  if (turn.generation > MAX_TURN_ATTEMPTS)
    return { text: WORDS.broken, detail: "gave-up", spent: NOTHING_SPENT };
  const model = await chooseModel(deps, turn, signal);
  return await compose(deps, model, turn, steps, stage, signal);
}

const NOTHING_SPENT = { model: null, costUsd: 0, inputTokens: 0, outputTokens: 0 } as const;

async function chooseModel(
  { models, chooseTier }: TurnDeps,
  turn: Turn,
  signal: AbortSignal,
): Promise<Model> {
  const tier = turn.tier ?? (models.autoTier ? await chooseTier(turn, signal) : models.defaultTier);
  return models.byTier(tier);
}

/** Words that are only for the moment (errors, limits) are delivered but not kept as something Clara said. */
function asDone({ text, detail }: Composed): TurnOutcome {
  const kept = ["answered", "cut-short", "out-of-steps", "refused", "empty"].includes(detail);
  const state = detail === "stopped" || detail === "deleted" ? "cancelled" : "done";
  return { state, detail, answer: kept && text !== "" ? text : null };
}

/** What is left to say when a person stopped the turn or took the question back; null for other interruptions. */
function afterInterrupt(signal: AbortSignal, shown: string): Ended | null {
  switch (interruptOf(signal)) {
    case "stopped": {
      const text = [shown, WORDS.stopped].filter((piece) => piece !== "").join("\n\n");
      return { text, outcome: { state: "cancelled", detail: "stopped", answer: shown || null } };
    }
    case "deleted":
      return { text: "", outcome: { state: "cancelled", detail: "deleted", answer: null } };
    case "edited":
    case "lost":
    case "shutdown":
    case null:
      return null;
  }
}

function report(
  deps: TurnDeps,
  turn: Turn,
  composed: Composed | null,
  { detail }: TurnOutcome,
  elapsed: number,
): void {
  const { model, costUsd, inputTokens, outputTokens } = composed?.spent ?? NOTHING_SPENT;
  const elapsedMs = Math.round(elapsed);
  const figures = { model, costUsd, inputTokens, outputTokens, elapsedMs };
  deps.watch(turn.conversation, turn.id, { type: "turn-end", detail, ...figures });
  const { revision, generation, waitedMs } = turn;
  deps.log.info(
    { turnId: turn.id, revision, generation, waitedMs, detail, ...figures },
    "turn-end",
  );
}

import type { Model, Models, Tier } from "../core/model.ts";
import type { Outlet, RenderedPart, TurnEvent, TurnWatcher } from "../core/outlet.ts";
import type { Resolved } from "../core/settings.ts";
import type { Claim, Outbox } from "../core/stores.ts";
import type { Lease, OutboxPart, Turn, TurnOutcome } from "../core/turn.ts";
import { NO_TOOLS, type ToolSource } from "../core/tool-source.ts";
import { LeaseLost, NOTICE_PART } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { withCards } from "./approval-words.ts";
import { compose, type Composed, type ComposeDeps, type Stage } from "./compose.ts";
import type { Known } from "./deliver.ts";
import { filesKept, withFiles } from "./keep-files.ts";
import { interruptOf } from "./interrupt.ts";
import { MAX_TURN_ATTEMPTS } from "./limits.ts";
import type { OwnSettings } from "./own-settings.ts";
import { createLiveReply, type LiveReply } from "./live-reply.ts";
import { NOTHING_SPENT, type Spent } from "./notebook.ts";
import { catchingUp, starting, usingTool, WORDS } from "./words.ts";

/** Picks a tier for a question nobody gave one; a paid call of its own only where that is switched on. */
export type TierChooser = (turn: Turn, signal: AbortSignal) => Promise<Tier>;

export interface PrepareDeps extends ComposeDeps {
  readonly outbox: Outbox;
  readonly models: Models;
  readonly chooseTier: TierChooser;
  readonly ownSettings: Pick<OwnSettings, "of">;
  readonly watch: TurnWatcher;
  /** Tools besides those that are always there. Not there: none. */
  readonly toolSource?: ToolSource;
}

export type Claimed = Extract<Claim, { kind: "claimed" }>;

/** The planned words, and what is known of the messages that are to hold them. */
export interface Prepared {
  readonly rows: readonly OutboxPart[];
  readonly known: Known;
  readonly outcome: TurnOutcome;
  readonly spent: Spent;
}

/** A wait that is worth mentioning when the turn begins. */
const NOTEWORTHY_WAIT_MS = 1_500;

/**
 * From the claim to the planned words: composes the answer and shows it as it grows. A person's stop is an end like
 * another; other interruptions, lost leases and bugs are thrown.
 */
export async function prepare(
  deps: PrepareDeps,
  outlet: Outlet,
  claim: Claimed,
  lease: Lease,
  signal: AbortSignal,
): Promise<Prepared> {
  const { turn, parts: existing } = claim;
  const notice = existing.find(({ part }) => part === NOTICE_PART) ?? null;
  const withdrawn = withdraw(deps, outlet, turn, lease, notice, signal);
  const live = createLiveReply({ ...deps, outlet }, { turn, lease, existing }, withdrawn, signal);
  greet(live, turn, notice !== null);
  let shown = "";
  const stage: Stage = {
    onText(text) {
      shown = text;
      live.status(null);
      live.show(text);
    },
    watch: watching(deps.watch, outlet, turn, live),
  };
  let composed: Composed;
  try {
    composed = await tryCompose(deps, claim, stage, signal);
  } catch (error) {
    composed = afterInterrupt(signal, shown) ?? rethrow(error);
  } finally {
    // Nothing may be under way to the place when the final words are planned, nor when another attempt begins.
    await Promise.all([live.close(), withdrawn]);
  }
  const { text, spent } = composed;
  const final = withCards(outlet, { text, parts: render(outlet, composed) }, composed.waiting);
  deps.fault("outbox.split");
  const outcome = toOutcome(composed);
  const rows = await deps.outbox.plan(lease, final, outcome);
  const tried = new Set((await live.close()).map(({ part }) => part));
  const untried = rows.map(({ part }) => part).filter((part) => !tried.has(part));
  const known = { untried: new Set(untried), finished: live.finished() };
  return { rows, known, outcome, spent };
}

/** Where messages carry no files, their names are told. */
function render({ voice }: Outlet, { text, files = [] }: Composed): readonly RenderedPart[] {
  if (voice.takesFiles) return withFiles(voice.render(text, { final: true }), files);
  const names = files.length === 0 ? "" : filesKept(files);
  const all = [text, names].filter((piece) => piece !== "").join("\n\n");
  return voice.render(all, { final: true });
}

const rethrow = (error: unknown): never => {
  throw error;
};

/**
 * Answers stand in the order of their questions, so the notice goes before the answer comes; the model is asked meanwhile.
 * Never rejects: what fails here is done by the delivery.
 */
async function withdraw(
  { outbox, log }: PrepareDeps,
  outlet: Outlet,
  turn: Turn,
  lease: Lease,
  notice: OutboxPart | null,
  signal: AbortSignal,
): Promise<void> {
  // Without an id it is not sent yet, or sent and not told: the delivery will find it.
  if (!notice || notice.messageId === null) return;
  try {
    await outlet.remove(turn.conversation, notice.messageId, signal);
    await outbox.settle(lease, NOTICE_PART, "removed", null);
  } catch (error) {
    if (signal.aborted || error instanceof LeaseLost) return;
    log.warn({ turnId: turn.id, error: asError(error) }, "notice-not-withdrawn");
  }
}

/** After a wait that was worth mentioning, the first thing that is said is that it is over. */
function greet(live: LiveReply, { absorbed, waitedMs, revision }: Turn, hadNotice: boolean): void {
  if (waitedMs <= NOTEWORTHY_WAIT_MS || revision > 0) return;
  if (absorbed.length > 0) live.status(catchingUp(absorbed.length + 1, waitedMs));
  else if (hadNotice) live.status(starting(waitedMs));
}

/** Tells watchers of everything; where nobody watches, a line below the answer says which tool is at work. */
function watching(
  watch: TurnWatcher,
  outlet: Outlet,
  { id, conversation }: Turn,
  live: LiveReply,
): (event: TurnEvent) => void {
  let running = 0;
  return (event) => {
    watch(conversation, id, event);
    if (outlet.voice.showsTools) return;
    if (event.type === "tool-start") running++;
    if (event.type === "tool-end") running--;
    if (event.type === "tool-start" || event.type === "tool-progress")
      live.status(usingTool(event.label));
    else if (running === 0) live.status(null);
  };
}

async function tryCompose(
  deps: PrepareDeps,
  { turn, steps, cancelled }: Claimed,
  stage: Stage,
  signal: AbortSignal,
): Promise<Composed> {
  if (cancelled === "deleted") return withoutModel("deleted", "");
  if (cancelled === "stopped") return withoutModel("stopped", WORDS.stopped);
  if (turn.claims > MAX_TURN_ATTEMPTS) return withoutModel("gave-up", WORDS.broken);
  const [own, offered] = await Promise.all([
    deps.ownSettings.of(turn.scope, turn.conversation),
    deps.toolSource?.toolsFor(turn.scope) ?? NO_TOOLS,
  ]);
  const model = await chooseModel(deps, turn, own, signal);
  const context = {
    ...deps.context,
    persona: own.personality ?? deps.context.persona,
    timeZone: own.timeZone ?? deps.context.timeZone,
    language: own.language,
    toolNote: offered.note,
  };
  const tools = [...deps.tools, ...offered.tools];
  const toolSpecs = [...deps.toolSpecs, ...offered.specs];
  return await compose({ ...deps, tools, toolSpecs, context }, model, turn, steps, stage, signal);
}

const withoutModel = (detail: string, text: string): Composed => ({
  text,
  answer: null,
  detail,
  spent: NOTHING_SPENT,
  waiting: [],
});

async function chooseModel(
  { models, chooseTier }: PrepareDeps,
  turn: Turn,
  own: Resolved,
  signal: AbortSignal,
): Promise<Model> {
  const chosen = turn.tier ?? own.tier;
  if (chosen !== null) return models.byTier(chosen);
  const isAuto = own.autoTier ?? models.autoTier;
  return models.byTier(isAuto ? await chooseTier(turn, signal) : models.defaultTier);
}

/** What is left to say when a person stopped the turn or took the question back; null for other interruptions. */
function afterInterrupt(signal: AbortSignal, shown: string): Composed | null {
  switch (interruptOf(signal)) {
    case "stopped": {
      const said = shown.trim();
      const text = [said, WORDS.stopped].filter((piece) => piece !== "").join("\n\n");
      return { ...withoutModel("stopped", text), answer: said === "" ? null : said };
    }
    case "deleted":
      return withoutModel("deleted", "");
    case "edited":
    case "lost":
    case "shutdown":
    case null:
      return null;
  }
}

function toOutcome({ detail, answer }: Composed): TurnOutcome {
  const isCancelled = detail === "stopped" || detail === "deleted";
  return { state: isCancelled ? "cancelled" : "done", detail, answer };
}

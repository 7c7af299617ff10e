import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Model, ModelMessage, ModelRequest, ToolCall, ToolSpec } from "../core/model.ts";
import { ModelError } from "../core/model.ts";
import type { TurnEvent } from "../core/outlet.ts";
import type { StepStore, Transcript } from "../core/stores.ts";
import type { Tool } from "../core/tool.ts";
import type { Lease, Step, Turn } from "../core/turn.ts";
import { estimateTokens } from "../lib/tokens.ts";
import type { Answer } from "./ask-model.ts";
import { askModel, fromStep } from "./ask-model.ts";
import type { Budgets } from "./budgets.ts";
import type { ContextOptions } from "./context.ts";
import { gatherContext } from "./context.ts";
import type { TurnLimits } from "./limits.ts";
import { MAX_EMPTY_ANSWERS, MAX_MALFORMED_ANSWERS } from "./limits.ts";
import { runTools } from "./run-tools.ts";
import { modelTrouble, overBudget, WORDS } from "./words.ts";

export interface ComposeDeps {
  readonly transcript: Transcript;
  readonly steps: StepStore;
  readonly budgets: Budgets;
  readonly tools: readonly Tool[];
  readonly toolSpecs: readonly ToolSpec[];
  readonly limits: TurnLimits;
  readonly context: ContextOptions;
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
}

/** What the turn shows while it is composed. */
export interface Stage {
  readonly onText: (text: string) => void;
  readonly watch: (event: TurnEvent) => void;
}

export interface Composed {
  readonly text: string;
  /** A short code for the log: "answered", "over-budget", "model:timeout"... */
  readonly detail: string;
  readonly spent: Spent;
}

export interface Spent {
  readonly model: string | null;
  /** null when a call had no known price. */
  readonly costUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Mutable on purpose: the notebook of one turn. */
interface Notebook {
  readonly messages: ModelMessage[];
  readonly said: string[];
  readonly calls: Map<string, number>;
  seq: number;
  /** Answers with malformed calls, one after the other. */
  malformed: number;
  empty: number;
  toolsAllowed: boolean;
  spent: Spent;
}

/**
 * Asks the model and runs tools until there is an answer. One model call for a plain answer.
 * Failures of models and budgets become words for the person; bugs, lost leases and interruptions are thrown.
 */
export async function compose(
  deps: ComposeDeps,
  model: Model,
  turn: Turn,
  earlierSteps: readonly Step[],
  stage: Stage,
  signal: AbortSignal,
): Promise<Composed> {
  const { limits, fault } = deps;
  const lease: Lease = { turnId: turn.id, generation: turn.generation };
  const startedAt = deps.clock.elapsedMs();
  const room = Math.min(model.contextTokens, limits.maxContextTokens) - limits.maxOutputTokens;
  const gather = (share: number) =>
    gatherContext(deps, deps.context, turn, Math.floor(room * share));
  let context = await gather(CONTEXT_SHARE);
  fault("turn.context.loaded");
  const earlier = new Map(earlierSteps.map((step) => [step.seq, step]));
  const book: Notebook = {
    messages: [...context.messages],
    said: [],
    calls: new Map(),
    seq: 0,
    malformed: 0,
    empty: 0,
    toolsAllowed: true,
    spent: { model: null, costUsd: 0, inputTokens: 0, outputTokens: 0 },
  };
  const finished = (detail: string, ...closing: string[]): Composed => ({
    text: [...book.said, ...closing].join("\n\n"),
    detail,
    spent: book.spent,
  });

  for (let step = 1; ; step++) {
    const last = step >= limits.maxSteps || deps.clock.elapsedMs() - startedAt > limits.maxTurnMs;
    const request: ModelRequest = {
      system: context.system,
      messages: book.messages,
      lastStableMessage: context.lastStableMessage,
      tools: deps.toolSpecs,
      toolChoice: book.toolsAllowed && !last ? "auto" : "none",
      maxOutputTokens: limits.maxOutputTokens,
      signal,
    };
    fault("turn.prompt.built");
    const seq = book.seq++;
    let answer = fromStep(earlier.get(seq));
    if (answer === null) {
      const refusal = await deps.budgets.book(turn, lease, estimateUsd(request));
      if (refusal) return finished("over-budget", overBudget(refusal.limit, refusal.resetsInMs));
      try {
        answer = await askModel(deps, model, request, { lease, seq }, (text) =>
          stage.onText([...book.said, text].join("\n\n")),
        );
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        // Our estimate was too low: once more with less of the conversation, while nothing was said yet.
        if (error.kind === "context-too-long" && seq === 0) {
          context = await gather(CONTEXT_SHARE / 3);
          book.messages.splice(0, Number.POSITIVE_INFINITY, ...context.messages);
          continue;
        }
        deps.log.warn(
          { turnId: turn.id, kind: error.kind, provider: error.provider, error },
          "model-failed",
        );
        return finished(`model:${error.kind}`, modelTrouble(error.kind));
      }
    }
    note(book, answer, deps.tools);

    const end = ending(book, answer, limits, last);
    if (end) return finished(end.detail, ...end.closing);
    if (answer.calls.length > 0) {
      const firstSeq = book.seq;
      book.seq += answer.calls.length;
      const toolDeps = {
        steps: deps.steps,
        tools: deps.tools,
        fault,
        elapsedMs: deps.clock.elapsedMs,
        maxResultChars: limits.maxToolResultChars,
        watch: stage.watch,
      };
      const at = { lease, firstSeq, earlier };
      const place = { scope: turn.scope, conversationId: turn.conversation.id, signal };
      const answers = await runTools(toolDeps, answer.calls, at, book.calls, place);
      book.messages.push({ role: "tool", answers });
    }
  }
}

/** The rest is a reserve for tool results and for estimates that were too low. */
const CONTEXT_SHARE = 0.8;

/** Keeps what the model said, and what it cost. */
function note(book: Notebook, answer: Answer, tools: readonly Tool[]): void {
  const { text, calls, replay, cost } = answer;
  if (text.trim() !== "") book.said.push(text.trim());
  if (text.trim() !== "" || calls.length > 0)
    book.messages.push({ role: "assistant", text, calls, replay });
  if (calls.length > 0)
    book.malformed = calls.some((call) => isMalformed(call, tools)) ? book.malformed + 1 : 0;
  if (book.malformed >= MAX_MALFORMED_ANSWERS) book.toolsAllowed = false;
  const { usage } = cost;
  const { spent } = book;
  book.spent = {
    model: cost.model,
    costUsd:
      spent.costUsd === null || usage.costUsd === null ? null : spent.costUsd + usage.costUsd,
    inputTokens: spent.inputTokens + usage.inputTokens,
    outputTokens: spent.outputTokens + usage.outputTokens,
  };
}

/** Arguments that cannot be read, or that the tool would not take. */
const isMalformed = ({ name, input, problem }: ToolCall, tools: readonly Tool[]): boolean =>
  problem !== null ||
  tools.find((tool) => tool.name === name)?.input.safeParse(input).success === false;

/** How the turn ends after this answer; null when it goes on. */
function ending(
  book: Notebook,
  { text, calls, stop }: Answer,
  limits: TurnLimits,
  last: boolean,
): { readonly detail: string; readonly closing: readonly string[] } | null {
  const tooDear = limits.maxTurnUsd !== null && (book.spent.costUsd ?? 0) >= limits.maxTurnUsd;
  if (stop === "refusal")
    return { detail: "refused", closing: book.said.length > 0 ? [] : [WORDS.refused] };
  if (calls.length > 0)
    return last || tooDear ? { detail: "out-of-steps", closing: [WORDS.outOfSteps] } : null;
  if (stop === "max-tokens") return { detail: "cut-short", closing: [WORDS.cutShort] };
  if (stop === "paused" && !last) return null;
  if (text.trim() !== "") return { detail: "answered", closing: [] };
  book.empty++;
  if (book.empty < MAX_EMPTY_ANSWERS && !last) return null;
  return { detail: "empty", closing: book.said.length > 0 ? [] : [WORDS.nothing] };
}

/** A cautious guess before the call: the real price is only known after it. */
function estimateUsd({ system, messages }: ModelRequest): number {
  const words = JSON.stringify([system, messages]);
  return estimateTokens(words) * CAUTIOUS_USD_PER_TOKEN;
}

/** The input price of a dear model. */
const CAUTIOUS_USD_PER_TOKEN = 0.000_005;

import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Model, ModelRequest, ToolCall } from "../core/model.ts";
import { ModelError } from "../core/model.ts";
import type { TurnEvent } from "../core/outlet.ts";
import type { StepStore } from "../core/stores.ts";
import type { Tool } from "../core/tool.ts";
import type { KeptFile, Lease, Step, StepCost, Turn } from "../core/turn.ts";
import { askModel, fromStep, type Answer } from "./ask-model.ts";
import type { Budgets } from "./budgets.ts";
import { estimateInput, estimateUsd } from "./estimate.ts";
import { endingAfter, note, openNotebook } from "./notebook.ts";
import type { Ending, Notebook, Spent } from "./notebook.ts";
import { filesOfAnswer, type KeepsFiles } from "./keep-files.ts";
import { openPrompt, type Prompt, type PromptDeps } from "./prompt.ts";
import { runTools } from "./run-tools.ts";
import { modelTrouble, overBudget } from "./words.ts";

export interface ComposeDeps extends PromptDeps {
  readonly steps: StepStore;
  readonly budgets: Budgets;
  readonly tools: readonly Tool[];
  /** Without it no answer carries files. */
  readonly files?: KeepsFiles;
  readonly fault: Fault;
  readonly log: Log;
}

/** What the turn shows while it is composed. */
export interface Stage {
  readonly onText: (text: string) => void;
  readonly watch: (event: TurnEvent) => void;
}

export interface Composed {
  /** All that a person reads. */
  readonly text: string;
  /** What of it Clara said, for the transcript: no remarks, no errors. null for nothing. */
  readonly answer: string | null;
  /** A short code for the log: "answered", "over-budget", "model:timeout"... */
  readonly detail: string;
  readonly spent: Spent;
  readonly files?: readonly KeptFile[];
}

/** What all steps of one turn share. */
interface Work {
  readonly deps: ComposeDeps;
  readonly model: Model;
  readonly turn: Turn;
  readonly lease: Lease;
  /** The steps of earlier attempts, by seq. */
  readonly earlier: ReadonlyMap<number, Step>;
  readonly stage: Stage;
  readonly signal: AbortSignal;
  readonly prompt: Prompt;
  readonly book: Notebook;
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
  const { limits, clock, tools } = deps;
  const startedAt = clock.elapsedMs();
  const lease = { turnId: turn.id, generation: turn.generation };
  const earlier = new Map(earlierSteps.map((step) => [step.seq, step]));
  const prompt = await openPrompt(deps, model, turn, signal);
  deps.fault("turn.context.loaded");
  const book = openNotebook();
  const work: Work = { deps, model, turn, lease, earlier, stage, signal, prompt, book };

  for (let step = 1; ; step++) {
    const isLast = step >= limits.maxSteps || clock.elapsedMs() - startedAt > limits.maxTurnMs;
    const asked = await ask(work, isLast);
    if (asked.kind === "over") return close(book, asked.ending);
    const { answer, guessUsd } = asked;
    const { text, calls, replay } = answer;
    const isMalformed = calls.some((call) => cannotBeRun(call, tools));
    note(book, answer, { isMalformed, guessUsd });
    const ending = endingAfter(book, answer, { isLast, maxUsd: limits.maxTurnUsd });
    if (ending) return close(book, ending);
    if (text.trim() !== "" || calls.length > 0)
      prompt.add({ role: "assistant", text, calls, replay });
    if (calls.length > 0) prompt.add({ role: "tool", answers: await callTools(work, calls) });
  }
}

const close = ({ said, spent, files: all }: Notebook, { detail, remark }: Ending): Composed => {
  const answer = said.join("\n\n");
  const { files, remark: onFiles } = filesOfAnswer(all);
  const text = [...said, remark, onFiles].filter((piece) => piece !== "").join("\n\n");
  return { text, answer: answer === "" ? null : answer, detail, spent, files };
};

type Asked =
  | { readonly kind: "answer"; readonly answer: Answer; readonly guessUsd: number }
  | { readonly kind: "over"; readonly ending: Ending };

/** One step of the model, within the budgets; an answer that an earlier attempt stored is taken as it is. */
async function ask(work: Work, isLast: boolean): Promise<Asked> {
  const { deps, book, turn, lease, signal } = work;
  signal.throwIfAborted();
  const seq = book.seq++;
  const toolChoice = book.mayUseTools && !isLast ? "auto" : "none";
  const request = await work.prompt.request(toolChoice, signal);
  deps.fault("turn.prompt.built");
  const guessUsd = estimateUsd({ input: estimateInput(request), output: 0 });
  const stored = fromStep(work.earlier.get(seq));
  if (stored) {
    if (stored.text !== "") show(work, stored.text);
    return { kind: "answer", answer: stored, guessUsd };
  }

  const refusal = await deps.budgets.book(turn, lease, guessUsd);
  if (refusal) {
    const remark = overBudget(refusal.limit, refusal.resetsInMs);
    return { kind: "over", ending: { detail: "over-budget", remark } };
  }
  try {
    return { kind: "answer", answer: await askOnceOrSmaller(work, request, seq), guessUsd };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { kind, provider } = error;
    deps.log.warn({ turnId: turn.id, kind, provider, error }, "model-failed");
    return { kind: "over", ending: { detail: `model:${kind}`, remark: modelTrouble(kind) } };
  }
}

/** What was said before, and below it what is being said. */
const show = ({ book, stage }: Work, text: string): void =>
  stage.onText([...book.said, text].join("\n\n"));

/** When our estimate was too low, or the model takes no images: the same step once more with less. */
async function askOnceOrSmaller(work: Work, request: ModelRequest, seq: number): Promise<Answer> {
  const { model, prompt, turn } = work;
  const { steps, budgets, fault, log } = work.deps;
  const charge = (cost: StepCost) => budgets.charge(turn, cost);
  const deps = { steps, fault, log, charge };
  const at = { lease: work.lease, seq };
  const onText = (text: string) => show(work, text);
  try {
    return await askModel(deps, model, request, at, onText);
  } catch (error) {
    if (!(error instanceof ModelError) || !(await makeEasier(prompt, error))) throw error;
    const smaller = await prompt.request(request.toolChoice, request.signal);
    return await askModel(deps, model, smaller, at, onText);
  }
}

/** What the provider refused, in a form that it may take; false when there is none. */
async function makeEasier(prompt: Prompt, { kind }: ModelError): Promise<boolean> {
  if (kind === "context-too-long") return prompt.shrink();
  return kind === "bad-request" && prompt.leaveOutImages();
}

async function callTools(work: Work, calls: readonly ToolCall[]) {
  const { deps, book, stage, turn, lease, earlier, signal } = work;
  const { steps, tools, fault, clock, limits } = deps;
  const firstSeq = book.seq;
  book.seq += calls.length;
  const { elapsedMs } = clock;
  const { maxToolResultChars } = limits;
  const { files = null } = deps;
  const { watch } = stage;
  const toolDeps = { steps, tools, files, fault, elapsedMs, maxToolResultChars, watch };
  const place = { scope: turn.scope, conversationId: turn.conversation.id, signal };
  const at = { lease, firstSeq, earlier };
  const answered = await runTools(toolDeps, calls, at, book.calls, place);
  return answered.map(({ files: given = [], ...answer }) => {
    book.files.push(...given);
    return answer;
  });
}

/** Arguments that cannot be read, or that the tool would not take. */
const cannotBeRun = ({ name, input, problem }: ToolCall, tools: readonly Tool[]): boolean =>
  problem !== null ||
  tools.find((tool) => tool.name === name)?.input.safeParse(input).success === false;

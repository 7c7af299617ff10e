import type { Approval } from "../core/approvals.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Model, ModelRequest, ToolAnswer, ToolCall } from "../core/model.ts";
import { ModelError } from "../core/model.ts";
import type { TurnEvent } from "../core/outlet.ts";
import type { StepStore } from "../core/stores.ts";
import type { Tool } from "../core/tool.ts";
import type { KeptFile, Lease, Step, StepCost, Turn } from "../core/turn.ts";
import { askModel, fromStep, type Answer } from "./ask-model.ts";
import type { Budgets } from "./budgets.ts";
import { estimateInput, estimateUsd } from "./estimate.ts";
import { FIND_TOOLS, openShelf, type Shelf } from "./find-tools.ts";
import { endingAfter, note, openNotebook } from "./notebook.ts";
import type { Ending, Notebook, Spent } from "./notebook.ts";
import { argsHashOf, openPermit, type Permit, type PermitDeps } from "./permit.ts";
import type { Outgoing, OutgoingTurn } from "./outgoing.ts";
import { filesOfAnswer, type KeepsFiles } from "./keep-files.ts";
import { openPrompt, type Prompt, type PromptDeps } from "./prompt.ts";
import { runTools } from "./run-tools.ts";
import { modelTrouble, overBudget } from "./words.ts";

export interface ComposeDeps extends PromptDeps {
  readonly steps: StepStore;
  readonly budgets: Budgets;
  readonly tools: readonly Tool[];
  readonly policy: PermitDeps;
  readonly outgoing: Outgoing;
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
  /** Calls that wait for a person's click. */
  readonly waiting: readonly Approval[];
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
  readonly permit: Permit;
  /** All words of the model's go through it before anybody sees or keeps them. */
  readonly outgoing: OutgoingTurn;
  readonly shelf: Shelf;
  readonly tools: readonly Tool[];
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
  const { limits, clock } = deps;
  const startedAt = clock.elapsedMs();
  const lease = { turnId: turn.id, generation: turn.generation };
  const earlier = new Map(earlierSteps.map((step) => [step.seq, step]));
  const shelf = openShelf(deps.toolSpecs);
  const prompt = await openPrompt(deps, model, turn, signal, shelf);
  deps.fault("turn.context.loaded");
  const book = openNotebook();
  const permit = openPermit(deps.policy, turn, lease, prompt);
  const tools = shelf.finder ? [...deps.tools, shelf.finder] : deps.tools;
  permit.taint(tools.flatMap(({ describedBy }) => describedBy ?? []));
  const outgoing = deps.outgoing.open(prompt.trusted);
  const onText = onlyNew(stage.onText);
  const onStage = { ...stage, onText };
  const given = { deps, model, turn, lease, earlier, signal };
  const work: Work = { ...given, stage: onStage, prompt, book, permit, outgoing, shelf, tools };
  if (turn.trigger === "approval") await runApproved(work);

  for (let step = 1; ; step++) {
    const isLast = step >= limits.maxSteps || clock.elapsedMs() - startedAt > limits.maxTurnMs;
    const asked = await ask(work, isLast);
    if (asked.kind === "over") return close(work, asked.ending);
    const { answer, guessUsd } = asked;
    const { text, calls, replay } = answer;
    const isMalformed = calls.some((call) => cannotBeRun(call, tools));
    note(book, { ...answer, text: outgoing.whole(text) }, { isMalformed, guessUsd });
    // Its last word was held back while it might go on.
    if (calls.length > 0 && text.trim() !== "") onText(book.said.join("\n\n"));
    const ending = endingAfter(book, answer, { isLast, maxUsd: limits.maxTurnUsd });
    if (ending) return close(work, ending);
    if (text.trim() !== "" || calls.length > 0)
      prompt.add({ role: "assistant", text, calls, replay });
    if (calls.length === 0) continue;
    const answers = await callTools(work, calls);
    prompt.add({ role: "tool", answers: putOnTable(shelf, calls, answers) });
  }
}

async function close(work: Work, { detail, remark }: Ending): Promise<Composed> {
  const { said, spent } = work.book;
  const hasAsked =
    work.permit.hasAsked() || [...work.earlier.values()].some(({ decision }) => decision === "ask");
  const waiting = hasAsked ? await work.deps.policy.approvals.openOf(work.lease) : [];
  const answer = said.join("\n\n");
  const { files, remark: onFiles } = filesOfAnswer(work.book.files);
  const text = [...said, remark, onFiles].filter((piece) => piece !== "").join("\n\n");
  return { text, answer: answer === "" ? null : answer, detail, spent, waiting, files };
}

/** The call that a person has just approved: made before the model says a word, once, and with these very arguments. */
async function runApproved(work: Work): Promise<void> {
  const approval = await work.deps.policy.approvals.toRun(work.lease);
  if (!approval) return;
  const { id, tool, input, argsHash } = approval;
  const problem =
    argsHashOf(tool, input) === argsHash ? null : "Not run: the arguments are not those approved.";
  const call: ToolCall = { id: `approved_${id}`, name: tool, input, problem };
  const decide: Permit["decide"] = async () => ({ decision: "approved", argsHash, words: null });
  const answers = await callTools(work, [call], { ...work.permit, decide });
  work.prompt.add({ role: "assistant", text: "", calls: [call], replay: null });
  work.prompt.add({ role: "tool", answers });
}

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
    showWhole(work, stored.text);
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
function show({ book, stage, outgoing }: Work, text: string): void {
  const safe = outgoing.growing(text);
  if (safe !== "") stage.onText([...book.said, safe].join("\n\n"));
}

/** What waits for the end of a word is no news. */
function onlyNew(onText: Stage["onText"]): Stage["onText"] {
  let last = "";
  return (text) => {
    if (text !== last) onText((last = text));
  };
}

function showWhole({ book, stage, outgoing }: Work, text: string): void {
  const pieces = [...book.said, outgoing.whole(text)].filter((piece) => piece !== "");
  if (text !== "") stage.onText(pieces.join("\n\n"));
}

/** When our estimate was too low, or the model takes no images: the same step once more with less. */
async function askOnceOrSmaller(work: Work, request: ModelRequest, seq: number): Promise<Answer> {
  const { model, prompt, turn } = work;
  const { steps, budgets, fault, log, outgoing } = work.deps;
  const charge = (cost: StepCost) => budgets.charge(turn, cost);
  const deps = { steps, fault, log, charge, holdsSecret: outgoing.holdsSecret };
  const at = () => ({ lease: work.lease, seq, about: { ...prompt.facts() } });
  let newest = "";
  const onText = (text: string) => show(work, (newest = text));
  try {
    return await askModel(deps, model, request, at(), onText);
  } catch (error) {
    // Whoever stops an answer keeps what was said of it, the last word included.
    if (work.signal.aborted) showWhole(work, newest);
    if (!(error instanceof ModelError) || !(await makeEasier(prompt, error))) throw error;
    const smaller = await prompt.request(request.toolChoice, request.signal);
    return await askModel(deps, model, smaller, at(), onText);
  }
}

/** What the provider refused, in a form that it may take; false when there is none. */
async function makeEasier(prompt: Prompt, { kind }: ModelError): Promise<boolean> {
  if (kind === "context-too-long") return prompt.shrink();
  return kind === "bad-request" && prompt.leaveOutImages();
}

/** Here and not within the tool: after a crash its stored words are taken as they are, and the tools must be there again. */
function putOnTable(
  shelf: Shelf,
  calls: readonly ToolCall[],
  answers: readonly ToolAnswer[],
): readonly ToolAnswer[] {
  return answers.map((answer) => {
    const { name, input } = calls.find(({ id }) => id === answer.callId) ?? {};
    const query = name === FIND_TOOLS ? input?.["query"] : null;
    if (typeof query !== "string") return answer;
    return { ...answer, found: shelf.add(query).map((spec) => spec.name) };
  });
}

async function callTools(work: Work, calls: readonly ToolCall[], permit: Permit = work.permit) {
  const { deps, book, stage, turn, lease, earlier, signal } = work;
  const { steps, fault, clock, limits } = deps;
  const { tools } = work;
  const firstSeq = book.seq;
  book.seq += calls.length;
  const { elapsedMs } = clock;
  const { maxToolResultChars } = limits;
  const { addSources } = work.outgoing;
  const { holdsSecret } = deps.outgoing;
  const { watch } = stage;
  const limited = { elapsedMs, maxToolResultChars, permit, watch, addSources, holdsSecret };
  const { files = null } = deps;
  const toolDeps = { steps, tools, files, fault, ...limited };
  const place = {
    scope: turn.scope,
    conversationId: turn.conversation.id,
    turnId: turn.id,
    signal,
  };
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

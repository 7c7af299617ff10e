import type { ToolAnswer, ToolCall } from "../core/model.ts";
import type { StepStore } from "../core/stores.ts";
import type { Tool, ToolContext, ToolOutput } from "../core/tool.ts";
import type { KeptFile, Lease, Step } from "../core/turn.ts";
import { cut } from "./cut.ts";
import { MAX_CALLS_PER_STEP, MAX_PARALLEL_READS, MAX_SAME_CALLS } from "./limits.ts";
import { keepFiles, type KeepsFiles } from "./keep-files.ts";
import { runTool, type RunToolDeps } from "./run-tool.ts";
import { MAY_HAVE_HAPPENED } from "./words.ts";

interface Deps extends RunToolDeps {
  readonly steps: StepStore;
  readonly tools: readonly Tool[];
  readonly maxToolResultChars: number;
  /** Without it no answer carries files. */
  readonly files?: KeepsFiles | null;
}

/** Steps of this turn, this time and before a crash. */
interface At {
  readonly lease: Lease;
  /** Of the first call; each further one has the next. */
  readonly firstSeq: number;
  readonly earlier: ReadonlyMap<number, Step>;
}

/** What the model gets, and what goes out with Clara's answer. */
type AnswerWithFiles = ToolAnswer & { readonly files?: readonly KeptFile[] };

interface Planned {
  readonly call: ToolCall;
  readonly seq: number;
  /** Words instead of a run: the call cannot or must not be made. */
  readonly refusal: string | null;
  readonly tool: Tool | null;
}

/**
 * Answers every call of one step, in the order of the calls. Reads run side by side; after them writes run alone and in
 * order. The intents of reads are stored together, that of a write right before it runs, so that only what may really
 * have begun counts as begun. Never throws for a tool's own sake. `counts`: how often each call was made in this turn.
 */
export async function runTools(
  deps: Deps,
  calls: readonly ToolCall[],
  at: At,
  counts: Map<string, number>,
  context: ToolContext,
): Promise<readonly AnswerWithFiles[]> {
  const plan = calls.map((call, index) => toPlan(deps.tools, call, index, at, counts));
  const writes = plan.filter(isWrite);
  const others = plan.filter((planned) => !isWrite(planned));
  const answers = new Map<number, AnswerWithFiles>();
  const answer = async (planned: Planned) => {
    answers.set(planned.seq, await answerOne(deps, at, planned, context));
  };

  await begin(deps, at, others);
  for (let first = 0; first < others.length; first += MAX_PARALLEL_READS)
    await Promise.all(others.slice(first, first + MAX_PARALLEL_READS).map(answer));
  for (const write of writes) {
    await begin(deps, at, [write]);
    await answer(write);
  }
  return plan.flatMap(({ seq }) => answers.get(seq) ?? []);
}

/** What will change something, if it runs. */
const isWrite = ({ tool, refusal }: Planned): boolean =>
  refusal === null && tool !== null && tool.effect !== "read";

function toPlan(
  tools: readonly Tool[],
  call: ToolCall,
  index: number,
  { firstSeq }: At,
  counts: Map<string, number>,
): Planned {
  const tool = tools.find(({ name }) => name === call.name) ?? null;
  const key = `${call.name} ${JSON.stringify(call.input)}`;
  const times = (counts.get(key) ?? 0) + 1;
  counts.set(key, times);
  return { call, seq: firstSeq + index, tool, refusal: refusalOf(call, tool, index, times) };
}

function refusalOf(call: ToolCall, tool: Tool | null, index: number, times: number): string | null {
  if (index >= MAX_CALLS_PER_STEP)
    return `Not run: one answer may hold ${MAX_CALLS_PER_STEP} calls. Make this one in your next answer.`;
  if (tool === null)
    return `There is no tool named ${call.name}. Use only the tools you were given.`;
  if (call.problem !== null) return call.problem;
  if (times >= MAX_SAME_CALLS)
    return "Not run: you have made this very call before, with these arguments. Use its result, or do something else.";
  return null;
}

async function begin(
  { steps }: Deps,
  { lease, earlier }: At,
  plan: readonly Planned[],
): Promise<void> {
  const fresh = plan.filter(({ seq }) => !earlier.has(seq));
  if (fresh.length > 0) await steps.begin(lease, fresh.map(toIntent));
}

const toIntent = ({ call, seq, tool }: Planned): Omit<Step, "result"> => ({
  seq,
  kind: "tool",
  name: call.name,
  effect: tool?.effect ?? "read",
  input: call.input,
});

async function answerOne(
  deps: Deps,
  { lease, earlier }: At,
  planned: Planned,
  context: ToolContext,
): Promise<AnswerWithFiles> {
  const { call, seq } = planned;
  const before = earlier.get(seq);
  // Written below, by an earlier attempt at this turn.
  if (before?.result) return before.result as unknown as AnswerWithFiles;
  const output = await outputOf(deps, planned, before !== undefined, context);
  const { kept, words } = await keepFiles(deps.files ?? null, context.scope, output.files ?? []);
  const answer = {
    callId: call.id,
    text: cut(output.text, deps.maxToolResultChars) + words,
    isError: output.isError ?? false,
    ...(kept.length > 0 ? { files: kept.map((file) => ({ ...file })) } : {}),
  };
  await deps.steps.end(lease, seq, answer, null);
  return answer;
}

/** `wasBegun`: an earlier attempt may have run it, and its result is not known. */
async function outputOf(
  deps: Deps,
  planned: Planned,
  wasBegun: boolean,
  context: ToolContext,
): Promise<ToolOutput> {
  const { call, tool, refusal } = planned;
  if (refusal !== null || tool === null) return { text: refusal ?? "", isError: true };
  if (wasBegun && isWrite(planned)) return { text: MAY_HAVE_HAPPENED, isError: true };
  return runTool(deps, tool, call.input, context);
}

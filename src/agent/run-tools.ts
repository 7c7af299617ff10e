import type { ToolAnswer, ToolCall } from "../core/model.ts";
import type { StepStore } from "../core/stores.ts";

import type { Tool, ToolContext, ToolOutput } from "../core/tool.ts";
import type { KeptFile, Lease, Step } from "../core/turn.ts";
import { cut } from "./cut.ts";
import { markAsData } from "./data-marks.ts";
import { MAX_CALLS_PER_STEP, MAX_PARALLEL_READS, MAX_SAME_CALLS } from "./limits.ts";
import type { Decided, Permit } from "./permit.ts";
import { keepFiles, type KeepsFiles } from "./keep-files.ts";
import { runTool, type RunToolDeps } from "./run-tool.ts";
import { withoutSecret } from "./without-secret.ts";
import { MAY_HAVE_HAPPENED } from "./words.ts";

interface Deps extends RunToolDeps {
  readonly steps: StepStore;
  readonly tools: readonly Tool[];
  readonly maxToolResultChars: number;
  readonly permit: Permit;
  /** Arguments that hold one are given to no tool: a key that is told to somebody is no key any more. */
  readonly holdsSecret: (text: string) => boolean;
  /** Told of where the words of each result came from, also of results from before a crash. */
  readonly addSources?: (sources: readonly string[]) => void;
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
  /** null for what cannot run anyway, and for what an earlier attempt began. */
  readonly decided: Decided | null;
}

/** How a result is stored: what the model gets, and whose words are in it. */
type StoredAnswer = AnswerWithFiles & Pick<ToolOutput, "taints" | "sources" | "links">;

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
  const { scope } = context;
  const plan = calls.map((call, index) => {
    const planned = toPlan(deps, call, index, at, counts);
    return { ...planned, refusal: planned.refusal ?? planned.tool?.refuses?.(scope) ?? null };
  });
  const writes = plan.filter(isWrite);
  const others = await Promise.all(
    plan.filter((planned) => !isWrite(planned)).map((planned) => decide(deps, at, planned)),
  );
  const answers = new Map<number, AnswerWithFiles>();
  const answer = async (planned: Planned) => {
    answers.set(planned.seq, await answerOne(deps, at, planned, context));
  };

  await begin(deps, at, others);
  for (let first = 0; first < others.length; first += MAX_PARALLEL_READS)
    await Promise.all(others.slice(first, first + MAX_PARALLEL_READS).map(answer));
  for (const planned of writes) {
    // Not before the ones before it are done: what they gave may be words of others.
    const write = await decide(deps, at, planned);
    await begin(deps, at, [write]);
    await answer(write);
  }
  return plan.flatMap(({ seq }) => answers.get(seq) ?? []);
}

/** Asks the policy, unless an earlier attempt did and had begun. Arguments that do not fit run into their own error. */
async function decide({ permit }: Deps, { earlier }: At, planned: Planned): Promise<Planned> {
  const { call, seq, tool, refusal } = planned;
  if (refusal !== null || tool === null) return planned;
  const before = earlier.get(seq);
  if (before?.result || (before && before.effect !== "read")) return planned;
  if (!tool.input.safeParse(call.input).success) return planned;
  if (before?.decision !== "ask")
    return { ...planned, decided: await permit.decide(tool, call.input) };
  return { ...planned, decided: { decision: "ask", argsHash: "", words: null } };
}

/** What will change something, if it runs. */
const isWrite = ({ tool, refusal }: Planned): boolean =>
  refusal === null && tool !== null && tool.effect !== "read";

function toPlan(
  { tools, holdsSecret }: Deps,
  call: ToolCall,
  index: number,
  { firstSeq }: At,
  counts: Map<string, number>,
): Planned {
  const tool = tools.find(({ name }) => name === call.name) ?? null;
  const key = `${call.name} ${JSON.stringify(call.input)}`;
  const times = (counts.get(key) ?? 0) + 1;
  counts.set(key, times);
  const seq = firstSeq + index;
  const told = withoutSecret(call, holdsSecret);
  // Nor is it kept with the step, where an admin could read it; the model's own step leaves it out, too.
  if (told !== call) return { call: told, seq, tool, refusal: told.problem, decided: null };
  const refusal = refusalOf(call, tool, index, times);
  return { call, seq, tool, refusal, decided: null };
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

/** What waits for a click, or is not allowed, changes nothing: that it begins is no sign that something happened. */
const toIntent = ({ call, seq, tool, decided }: Planned): Omit<Step, "result"> => ({
  seq,
  kind: "tool",
  name: call.name,
  effect: tool && runs(decided) ? tool.effect : "read",
  input: call.input,
  decision: decided?.decision ?? null,
  argsHash: decided?.argsHash ?? null,
});

const runs = (decided: Decided | null): boolean =>
  decided?.decision === "allow" || decided?.decision === "approved";

async function answerOne(
  deps: Deps,
  { lease, earlier }: At,
  planned: Planned,
  context: ToolContext,
): Promise<AnswerWithFiles> {
  const { call, seq } = planned;
  const before = earlier.get(seq);
  // Written below, by an earlier attempt at this turn.
  if (before?.result) return toAnswer(deps, before.result as unknown as StoredAnswer);
  const output = await outputOf(deps, planned, before, context);
  const { taints = [], sources = [], links = [] } = output;
  const { kept, words: onFiles } = await keepFiles(
    deps.files ?? null,
    context.scope,
    output.files ?? [],
  );
  const words = cut(output.text, deps.maxToolResultChars) + onFiles;
  const answer = {
    callId: call.id,
    text: markAsData(words, taints, `${lease.turnId} ${seq}`),
    isError: output.isError ?? false,
    ...(kept.length > 0 && { files: kept.map((file) => ({ ...file })) }),
    ...(sources.length > 0 && { sources: [...sources] }),
    ...(links.length > 0 && { links: [...links] }),
    ...(taints.length > 0 && { taints: taints.map(({ source, name }) => ({ source, name })) }),
  };
  await deps.steps.end(lease, seq, answer, null);
  return toAnswer(deps, answer);
}

function toAnswer(
  { permit, addSources }: Deps,
  { callId, text, isError, files, taints = [], sources = [], links = [] }: StoredAnswer,
): AnswerWithFiles {
  permit.taint(taints);
  permit.addAddresses([...sources, ...links]);
  addSources?.(sources);
  return { callId, text, isError, ...(files && { files }) };
}

/** `before`: an earlier attempt began it, and its result is not known. */
async function outputOf(
  deps: Deps,
  planned: Planned,
  before: Step | undefined,
  context: ToolContext,
): Promise<ToolOutput> {
  const { call, tool, refusal, decided } = planned;
  // Also of a tool that is gone since: what was refused was never begun as a change.
  if (before && before.effect !== "read") return { text: MAY_HAVE_HAPPENED, isError: true };
  if (refusal !== null || tool === null) return { text: refusal ?? "", isError: true };
  if (decided?.words) return { text: decided.words, isError: true };
  if (decided?.decision === "ask") return { text: await deps.permit.ask(tool, call.input) };
  return runTool(deps, tool, call.input, { ...context, taints: deps.permit.taints });
}

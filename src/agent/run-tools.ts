import type { Fault } from "../core/fault.ts";
import type { JsonObject, ToolAnswer, ToolCall } from "../core/model.ts";
import type { TurnEvent } from "../core/outlet.ts";
import type { StepStore } from "../core/stores.ts";
import type { Tool, ToolContext, ToolOutput } from "../core/tool.ts";
import type { Lease, Step } from "../core/turn.ts";
import { MAX_CALLS_PER_STEP, MAX_PARALLEL_READS, MAX_SAME_CALLS } from "./limits.ts";
import { MAY_HAVE_HAPPENED } from "./words.ts";

interface Deps {
  readonly steps: StepStore;
  readonly tools: readonly Tool[];
  readonly fault: Fault;
  readonly elapsedMs: () => number;
  readonly maxResultChars: number;
  readonly watch: (event: TurnEvent) => void;
}

interface Planned {
  readonly call: ToolCall;
  readonly seq: number;
  /** Words instead of a run: the call cannot or must not be made. */
  readonly refusal: string | null;
  readonly tool: Tool | null;
}

/**
 * Answers every call of one step, in the order of the calls. Intents are stored before, results after each run.
 * Reads run side by side; writes run alone and in order. Never throws for a tool's own sake.
 * `earlier`: the same steps from before a crash. `counts`: how often each call was made in this turn.
 */
export async function runTools(
  deps: Deps,
  calls: readonly ToolCall[],
  {
    lease,
    firstSeq,
    earlier,
  }: { lease: Lease; firstSeq: number; earlier: ReadonlyMap<number, Step> },
  counts: Map<string, number>,
  context: ToolContext,
): Promise<readonly ToolAnswer[]> {
  const plan = calls.map((call, index) =>
    toPlan(deps.tools, call, index, firstSeq + index, counts),
  );
  const fresh = plan.filter(({ seq }) => !earlier.has(seq));
  if (fresh.length > 0) await deps.steps.begin(lease, fresh.map(toIntent));

  const answers = new Map<string, ToolAnswer>();
  const answer = async (planned: Planned) => {
    const done = earlier.get(planned.seq);
    answers.set(planned.call.id, await answerOne(deps, lease, planned, done, context));
  };
  const reads = plan.filter(({ tool }) => tool === null || tool.effect === "read");
  for (let first = 0; first < reads.length; first += MAX_PARALLEL_READS)
    await Promise.all(reads.slice(first, first + MAX_PARALLEL_READS).map(answer));
  for (const planned of plan) if (!reads.includes(planned)) await answer(planned);

  return calls.flatMap(({ id }) => answers.get(id) ?? []);
}

function toPlan(
  tools: readonly Tool[],
  call: ToolCall,
  index: number,
  seq: number,
  counts: Map<string, number>,
): Planned {
  const tool = tools.find(({ name }) => name === call.name) ?? null;
  const key = `${call.name} ${JSON.stringify(call.input)}`;
  const times = (counts.get(key) ?? 0) + 1;
  counts.set(key, times);
  return { call, seq, tool, refusal: refusalOf(call, tool, index, times) };
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

const toIntent = ({ call, seq, tool }: Planned): Omit<Step, "result"> => ({
  seq,
  kind: "tool",
  name: call.name,
  effect: tool?.effect ?? "read",
  input: call.input,
});

async function answerOne(
  deps: Deps,
  lease: Lease,
  { call, seq, tool, refusal }: Planned,
  earlier: Step | undefined,
  context: ToolContext,
): Promise<ToolAnswer> {
  // Written below, by an earlier attempt at this turn.
  if (earlier?.result) return earlier.result as unknown as ToolAnswer;
  const output =
    refusal !== null || tool === null
      ? { text: refusal ?? "", isError: true }
      : earlier && tool.effect !== "read"
        ? { text: MAY_HAVE_HAPPENED, isError: true }
        : await run(deps, tool, call.input, context);
  const answer = {
    callId: call.id,
    text: cut(output.text, deps.maxResultChars),
    isError: output.isError ?? false,
  };
  await deps.steps.end(lease, seq, answer, null);
  return answer;
}

async function run(
  deps: Deps,
  tool: Tool,
  raw: JsonObject,
  context: ToolContext,
): Promise<ToolOutput> {
  const input = tool.input.safeParse(raw);
  if (!input.success)
    return { text: `The arguments do not fit: ${input.error.message}`, isError: true };
  const startedAt = deps.elapsedMs();
  deps.watch({ type: "tool-start", name: tool.name, label: tool.label });
  deps.fault("turn.tool.sent");
  const output = await withTimeout(tool, input.data, context);
  deps.fault("turn.tool.returned");
  const elapsedMs = Math.round(deps.elapsedMs() - startedAt);
  deps.watch({ type: "tool-end", name: tool.name, isError: output.isError ?? false, elapsedMs });
  return output;
}

/** Rejects only when the turn itself was interrupted. A tool that ignores its signal is left behind. */
async function withTimeout(tool: Tool, input: unknown, context: ToolContext): Promise<ToolOutput> {
  const timeout = AbortSignal.timeout(tool.timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([tool.run(input, { ...context, signal }), aborted]);
  } catch (error) {
    context.signal.throwIfAborted();
    if (timeout.aborted)
      return {
        text: `The tool took longer than ${tool.timeoutMs / 1000} s and was stopped.`,
        isError: true,
      };
    return { text: error instanceof Error ? error.message : String(error), isError: true };
  }
}

function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars)}\n[cut: ${text.length - maxChars} more characters. Ask for a smaller part.]`;
}

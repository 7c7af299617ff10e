import type { Fault } from "../core/fault.ts";
import type { JsonObject } from "../core/model.ts";
import type { TurnEvent } from "../core/outlet.ts";
import type { Tool, ToolContext, ToolOutput } from "../core/tool.ts";
import { asError } from "../lib/as-error.ts";

export interface RunToolDeps {
  readonly fault: Fault;
  readonly elapsedMs: () => number;
  readonly watch: (event: TurnEvent) => void;
}

/** Runs one tool. What goes wrong in it becomes words for the model; rejects only when the turn itself was interrupted. */
export async function runTool(
  { fault, elapsedMs, watch }: RunToolDeps,
  tool: Tool,
  raw: JsonObject,
  context: ToolContext,
): Promise<ToolOutput> {
  const input = tool.input.safeParse(raw);
  if (!input.success)
    return { text: `The arguments do not fit: ${input.error.message}`, isError: true };
  const startedAt = elapsedMs();
  watch({ type: "tool-start", name: tool.name, label: tool.label });
  fault("turn.tool.sent");
  const progress = (label: string) => watch({ type: "tool-progress", name: tool.name, label });
  const output = await withinTime(tool, input.data, { ...context, progress });
  fault("turn.tool.returned");
  const isError = output.isError ?? false;
  const tookMs = Math.round(elapsedMs() - startedAt);
  watch({ type: "tool-end", name: tool.name, isError, elapsedMs: tookMs });
  return output;
}

/** Tells the tool when its time is up or the turn is interrupted; one that does not listen is left behind. */
async function withinTime(tool: Tool, input: unknown, context: ToolContext): Promise<ToolOutput> {
  const { signal: turn } = context;
  turn.throwIfAborted();
  const ended = new AbortController();
  const left = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    ended.abort(reason);
    left.reject(reason);
  };
  const tooLate = new Error(
    `The tool took longer than ${tool.timeoutMs / 1000} s and was stopped.`,
  );
  const timer = setTimeout(() => end(tooLate), tool.timeoutMs);
  const onTurn = () => end(turn.reason);
  turn.addEventListener("abort", onTurn, { once: true });
  try {
    return await Promise.race([
      tool.run(input, { ...context, signal: ended.signal }),
      left.promise,
    ]);
  } catch (error) {
    turn.throwIfAborted();
    return { text: asError(error).message, isError: true };
  } finally {
    clearTimeout(timer);
    turn.removeEventListener("abort", onTurn);
  }
}

import type { ModelRequest, StopReason, ToolCall } from "../core/model.ts";
import { parseArguments } from "./arguments.ts";

/** More calls than this in one message are a fault; no model makes them on purpose. */
const MAX_CALLS_PER_MESSAGE = 64;
/** Every provider refuses other names when the call comes back to it in the history. */
const SAFE_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** A tool call as a provider wrote it: any of it may be empty or wrong. */
export interface RawCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/**
 * Makes every call safe to run and to send back: one id each, a name all providers accept, identical calls once.
 * None at all when the model may not call: not every server obeys `toolChoice`, and a refused answer is not to be acted on.
 */
export function toToolCalls(
  raw: readonly RawCall[],
  {
    request,
    stop,
    createId,
  }: { readonly request: ModelRequest; readonly stop: StopReason; readonly createId: () => string },
): readonly ToolCall[] {
  if (request.toolChoice === "none" || stop === "refusal") return [];
  const ids = new Set<string>();
  const kept = withoutTwins(raw).slice(0, MAX_CALLS_PER_MESSAGE);
  return kept.map((call, index) => {
    const id = call.id !== "" && !ids.has(call.id) ? call.id : createId();
    ids.add(id);
    const isCut = stop === "max-tokens" && index === kept.length - 1;
    return toToolCall(id, call, isCut);
  });
}

/** A message with calls means calls, whatever reason its provider gave. */
export function settleStop(stop: StopReason, calls: readonly ToolCall[]): StopReason {
  if (calls.length > 0) return "tool-calls";
  return stop === "tool-calls" ? "end" : stop;
}

function toToolCall(id: string, call: RawCall, isCut: boolean): ToolCall {
  const parsed = parseArguments(call.arguments);
  if (!SAFE_NAME.test(call.name)) {
    const problem = `There is no tool named ${JSON.stringify(call.name.slice(0, 64))}.`;
    return { id, name: toSafeName(call.name), input: parsed.input, problem };
  }
  // Arguments that were cut off are bad JSON, save when none had come.
  const problem =
    isCut && call.arguments === ""
      ? "Not run: the call was cut off by the limit on the length of an answer."
      : parsed.problem;
  return { id, name: call.name, input: parsed.input, problem };
}

function withoutTwins(raw: readonly RawCall[]): readonly RawCall[] {
  const seen = new Set<string>();
  return raw.filter((call) => {
    const key = `${call.name}\n${call.arguments}`;
    return !seen.has(key) && seen.add(key);
  });
}

const toSafeName = (name: string): string =>
  name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "unnamed";

import type { ModelEvent, ModelRequest, StopReason } from "../../core/model.ts";
import { settleStop, toToolCalls } from "../calls.ts";
import type { Price } from "../prices.ts";
import { toUsage, type Counted } from "../usage.ts";
import { createLeakFilter } from "./leaks.ts";
import { createThoughts } from "./thoughts.ts";
import { createToolDeltas } from "./tool-deltas.ts";
import { wireChunk, type WireDelta, type WireUsage } from "./wire.ts";

export interface DecodeOptions {
  readonly request: ModelRequest;
  readonly provider: string;
  readonly model: string;
  readonly price: Price | null;
  readonly createId: () => string;
}

/** Their chunks to ours. Ends without an `end` when the stream ended before its finish reason. */
export async function* decode(
  chunks: AsyncIterable<unknown>,
  options: DecodeOptions,
): AsyncGenerator<ModelEvent> {
  const { request, provider, model, price, createId } = options;
  const leaks = createLeakFilter();
  const tools = createToolDeltas();
  const kept = createThoughts();
  let id: string | null = null;
  let started = false;
  let output = "";
  let usage: WireUsage | null = null;
  let finishReason: string | null = null;

  for await (const raw of chunks) {
    const chunk = readChunk(raw);
    // Two answers on one stream: one of them is somebody else's.
    if (id && chunk.id && chunk.id !== id) throw new SyntaxError("a chunk of another answer came");
    id ||= chunk.id ?? null;
    if (!started) {
      started = true;
      yield { type: "start", provider, model: chunk.model || model };
    }
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    finishReason = choice?.finish_reason || finishReason;
    const delta = choice?.delta ?? {};
    kept.add(delta);
    const { thoughts, words } = readDelta(delta);
    output += thoughts + words;
    if (thoughts !== "") yield { type: "reasoning-delta", text: thoughts };
    if (words !== "") yield* leaks.push(words);
    for (const call of delta.tool_calls ?? []) tools.add(call);
  }

  yield* leaks.flush();
  if (finishReason === null) return;
  const stop = toStop(finishReason);
  const asked = tools.calls().map((call) => ({ ...call, id: call.id || createId() }));
  const calls = toToolCalls(asked, { request, stop, createId });
  const replay = kept.toReplay(asked, calls);
  output += asked.map((call) => call.name + call.arguments).join("");
  for (const call of calls) yield { type: "tool-call", call };
  const counted = usage && toCounted(usage);
  yield {
    type: "end",
    stop: settleStop(stop, calls),
    usage: toUsage(counted, { request, output, price }),
    replay,
  };
}

function readChunk(raw: unknown) {
  const { data, error } = wireChunk.safeParse(raw);
  if (data) return data;
  throw new SyntaxError("a malformed chunk", { cause: error });
}

function readDelta({ content, reasoning, reasoning_content, refusal }: WireDelta) {
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
  const said = parts.filter(({ type }) => type === "text" || type === null || type === undefined);
  return {
    // Some servers send both fields with the same words.
    thoughts: reasoning || reasoning_content || "",
    words: said.map(({ text }) => text ?? "").join("") + (refusal ?? ""),
  };
}

const STOPS: Readonly<Record<string, StopReason>> = {
  stop: "end",
  eos: "end",
  end_turn: "end",
  stop_sequence: "end",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  tool_use: "tool-calls",
  length: "max-tokens",
  max_tokens: "max-tokens",
  content_filter: "refusal",
  refusal: "refusal",
};

function toStop(finishReason: string): StopReason {
  // OpenRouter's word for a provider that failed half-way.
  if (finishReason === "error")
    throw new SyntaxError("the provider gave up in the middle of the answer");
  return STOPS[finishReason] ?? "unknown";
}

function toCounted(usage: WireUsage): Counted {
  const behind = usage.is_byok ? (usage.cost_details?.upstream_inference_cost ?? 0) : 0;
  return {
    inputTokens: usage.prompt_tokens ?? null,
    cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? null,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? null,
    outputTokens: usage.completion_tokens ?? null,
    costUsd: typeof usage.cost === "number" ? usage.cost + behind : null,
  };
}

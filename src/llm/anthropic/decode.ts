import type {
  JsonObject,
  ModelEvent,
  ModelRequest,
  StopReason,
  ToolCall,
} from "../../core/model.ts";
import { settleStop, toToolCalls } from "../calls.ts";
import type { Price } from "../prices.ts";
import { toUsage, type Counted } from "../usage.ts";
import { prefixOf } from "./prefix.ts";
import { readEvent, type ReplayBlock, type WireEvent, type WireUsage } from "./wire.ts";

export interface DecodeOptions {
  readonly request: ModelRequest;
  readonly model: string;
  readonly price: Price | null;
  readonly createId: () => string;
}

/** Their events to ours. Ends without an `end` when the stream ended before its stop reason. */
export async function* decode(
  events: AsyncIterable<unknown>,
  options: DecodeOptions,
): AsyncGenerator<ModelEvent> {
  const answer: Answer = { id: null, blocks: new Map(), usage: {}, stop: null };
  let started = false;

  for await (const raw of events) {
    const event = readEvent(raw);
    if (event === null) continue;
    if (!started) {
      started = true;
      const named = event.type === "message_start" ? event.message.model : null;
      yield { type: "start", provider: "anthropic", model: named || options.model };
    }
    yield* apply(answer, event);
  }

  if (answer.stop !== null) yield* finish(answer, answer.stop, options);
}

/** The answer so far. */
interface Answer {
  id: string | null;
  readonly blocks: Map<number, Block>;
  usage: WireUsage;
  stop: string | null;
}

interface Block {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** What the block says: text, thoughts, encrypted thoughts, or a tool's arguments. */
  body: string;
  signature: string;
}

function* apply(answer: Answer, event: WireEvent): Generator<ModelEvent> {
  switch (event.type) {
    case "message_start":
      // Two answers on one stream: one of them is somebody else's.
      if (answer.id !== null)
        throw new SyntaxError("a second message began in the middle of an answer");
      answer.id = event.message.id ?? "";
      answer.usage = { ...event.message.usage };
      return;
    case "content_block_start":
      answer.blocks.set(event.index, toBlock(event.content_block));
      if (event.content_block.text) yield { type: "text-delta", text: event.content_block.text };
      return;
    case "content_block_delta":
      yield* grow(answer.blocks.get(event.index), event.delta);
      return;
    case "message_delta":
      answer.stop = event.delta.stop_reason ?? answer.stop;
      answer.usage = { ...answer.usage, ...withoutNulls(event.usage ?? {}) };
  }
}

type WireBlock = Extract<WireEvent, { type: "content_block_start" }>["content_block"];
type WireDelta = Extract<WireEvent, { type: "content_block_delta" }>["delta"];

function toBlock({ type, id, name, text, thinking, data, input, signature }: WireBlock): Block {
  return {
    type,
    id: id ?? "",
    name: name ?? "",
    body: text ?? thinking ?? data ?? argumentsOf(input),
    signature: signature ?? "",
  };
}

/** Some proxies send whole arguments at once, where Anthropic sends `{}` and then the text in pieces. */
function argumentsOf(input: unknown): string {
  const isEmpty = typeof input !== "object" || input === null || Object.keys(input).length === 0;
  return isEmpty ? "" : JSON.stringify(input);
}

function* grow(block: Block | undefined, delta: WireDelta): Generator<ModelEvent> {
  if (!block) throw new SyntaxError("a delta came for a block that never began");
  block.body += delta.text ?? delta.thinking ?? delta.partial_json ?? "";
  block.signature += delta.signature ?? "";
  if (delta.text) yield { type: "text-delta", text: delta.text };
  if (delta.thinking) yield { type: "reasoning-delta", text: delta.thinking };
}

const STOPS: Readonly<Record<string, StopReason>> = {
  end_turn: "end",
  stop_sequence: "end",
  tool_use: "tool-calls",
  max_tokens: "max-tokens",
  model_context_window_exceeded: "max-tokens",
  refusal: "refusal",
  pause_turn: "paused",
};

/** Calls are handed out at the end, so that a stream that breaks before can be tried again. */
function* finish(
  answer: Answer,
  stopReason: string,
  options: DecodeOptions,
): Generator<ModelEvent> {
  const { request, price, createId } = options;
  const blocks = [...answer.blocks.values()];
  const stop = STOPS[stopReason] ?? "unknown";
  const asked = blocks
    .filter(({ type }) => type === "tool_use")
    .map((block) => ({ ...block, arguments: block.body }));
  const calls = toToolCalls(asked, { request, stop, createId });
  for (const call of calls) yield { type: "tool-call", call };
  yield {
    type: "end",
    stop: settleStop(stop, calls),
    usage: toUsage(toCounted(answer.usage), {
      request,
      price,
      output: blocks.map(({ body }) => body).join(""),
    }),
    replay: toReplay(blocks, calls, request),
  };
}

/** Anthropic counts what was cached apart from the other input; we count all input together. */
function toCounted(usage: WireUsage): Counted {
  const cachedInputTokens = usage.cache_read_input_tokens ?? null;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? null;
  const fresh = usage.input_tokens ?? null;
  return {
    inputTokens: fresh === null ? null : fresh + (cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0),
    cachedInputTokens,
    cacheWriteTokens,
    outputTokens: usage.output_tokens ?? null,
  };
}

/** Signed thoughts must come back unchanged, and in their place, while tools are being used; otherwise nobody asks. */
function toReplay(
  blocks: readonly Block[],
  calls: readonly ToolCall[],
  request: ModelRequest,
): JsonObject | null {
  const hasThoughts = blocks.some(
    ({ type }) => type === "thinking" || type === "redacted_thinking",
  );
  if (!hasThoughts || calls.length === 0) return null;
  const kept = blocks.flatMap(({ type, body, signature, id }): ReplayBlock[] => {
    if (type === "thinking") return [{ type, thinking: body, signature }];
    if (type === "redacted_thinking") return [{ type, data: body }];
    if (type === "text") return [{ type, text: body }];
    return calls.some((call) => call.id === id) ? [{ type: "tool_use", id }] : [];
  });
  return { anthropic: { prefix: prefixOf(request, request.messages.length), blocks: kept } };
}

function withoutNulls(usage: WireUsage): WireUsage {
  return Object.fromEntries(
    Object.entries(usage).filter(([, count]) => count !== null && count !== undefined),
  );
}

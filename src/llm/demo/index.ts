import { ModelError, type Model, type ModelEvent, type ModelRequest } from "../../core/model.ts";
import { toToolCalls } from "../calls.ts";
import type { Sleep } from "../sleep.ts";
import { estimateUsage } from "../usage.ts";
import { lastWords } from "./facts.ts";
import { nextLine } from "./script.ts";
import { readSentinels, type Sentinels } from "./sentinels.ts";

const CONTEXT_TOKENS = 100_000;
const SLOW_MS = 500;

export interface DemoOptions {
  /** Between two pieces of an answer. */
  readonly delayMs: number;
  readonly sleep: Sleep;
  readonly createId: () => string;
}

/** Follows a small script, costs nothing and needs no account. See script.ts and sentinels.ts for what it understands. */
export function createDemoModel(options: DemoOptions): Model {
  return {
    name: "demo",
    contextTokens: CONTEXT_TOKENS,
    async *stream(request) {
      request.signal.throwIfAborted();
      const sentinels = readSentinels(lastWords(request));
      if (sentinels.failure) throw failure(sentinels.failure);
      yield { type: "start", provider: "demo", model: "demo" };
      yield* perform(request, sentinels, options);
    },
  };
}

async function* perform(
  request: ModelRequest,
  sentinels: Sentinels,
  { delayMs, sleep, createId }: DemoOptions,
): AsyncGenerator<ModelEvent> {
  const line = nextLine(request);
  const end = (stop: "end" | "tool-calls", output: string): ModelEvent => ({
    type: "end",
    stop,
    usage: { ...estimateUsage(request, output, null), costUsd: 0 },
    replay: null,
  });

  if (line.kind === "call") {
    const text = sentinels.hasBadArguments ? '{"words": ' : JSON.stringify(line.input);
    const raw = { id: createId(), name: line.name, arguments: text };
    for (const call of toToolCalls([raw], { request, stop: "tool-calls", createId }))
      yield { type: "tool-call", call };
    yield end("tool-calls", line.name + text);
    return;
  }

  const chunks = sentinels.isEmpty ? [] : toChunks(line.text);
  for (const [index, text] of chunks.entries()) {
    if (sentinels.isBroken && index >= chunks.length / 2) throw failure("broken-stream");
    await sleep(sentinels.isSlow ? SLOW_MS : delayMs, request.signal);
    yield { type: "text-delta", text };
  }
  yield end("end", sentinels.isEmpty ? "" : line.text);
}

/** A few words at a time, as providers do. */
const toChunks = (text: string): readonly string[] => text.match(/(?:\S+\s*){1,3}/g) ?? [text];

const failure = (kind: ModelError["kind"]): ModelError =>
  new ModelError(`demo: a person asked for ${kind}`, { kind, provider: "demo" });

import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject, Model, ModelEvent, ModelRequest, Usage } from "../src/core/model.ts";
import { ModelError } from "../src/core/model.ts";

/** One answer of the script: events, or an error thrown after them. */
export interface ScriptLine {
  readonly events: readonly ModelEvent[];
  readonly fail: ModelError | null;
  /** Pause before each event. */
  readonly paceMs: number;
}

const usage: Usage = {
  inputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 5,
  costUsd: 0.001,
  estimated: false,
};

const start: ModelEvent = { type: "start", provider: "script", model: "script-1" };
const end = (stop: "end" | "tool-calls" | "max-tokens" | "refusal" | "paused"): ModelEvent => ({
  type: "end",
  stop,
  usage,
  replay: null,
});
const delta = (text: string): ModelEvent => ({ type: "text-delta", text });

/** A plain answer, in as many deltas as texts are given. */
export const say = (...texts: string[]): ScriptLine => ({
  events: [start, ...texts.map(delta), end("end")],
  fail: null,
  paceMs: 0,
});

export const slowly = (paceMs: number, line: ScriptLine): ScriptLine => ({ ...line, paceMs });

export const stopping = (
  stop: "max-tokens" | "refusal" | "paused",
  ...texts: string[]
): ScriptLine => ({ events: [start, ...texts.map(delta), end(stop)], fail: null, paceMs: 0 });

/** Tool calls, one for each pair. */
export const call = (...calls: readonly (readonly [string, JsonObject])[]): ScriptLine => ({
  events: [
    start,
    ...calls.map(([name, input], index): ModelEvent => ({
      type: "tool-call",
      call: { id: `call-${index}`, name, input, problem: null },
    })),
    end("tool-calls"),
  ],
  fail: null,
  paceMs: 0,
});

export const malformed = (name: string): ScriptLine => ({
  events: [
    start,
    {
      type: "tool-call",
      call: { id: "bad", name, input: {}, problem: "The arguments are not JSON." },
    },
    end("tool-calls"),
  ],
  fail: null,
  paceMs: 0,
});

/** Words and then a failure, as when a stream is cut. */
export const failing = (kind: ModelError["kind"], ...texts: string[]): ScriptLine => ({
  events: [start, ...texts.map(delta)],
  fail: new ModelError("scripted", { kind, provider: "script" }),
  paceMs: 0,
});

export interface ScriptedModel extends Model {
  readonly requests: ModelRequest[];
}

/**
 * Says its lines in order, keeps every request, and complains when asked for a line that is not in the script. Instead of
 * a script it takes a function that has an answer to every request.
 */
export function scriptedModel(
  script: readonly ScriptLine[] | ((request: ModelRequest) => ScriptLine),
): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    name: "script/script-1",
    contextTokens: 100_000,
    requests,
    async *stream(request) {
      const line = typeof script === "function" ? script(request) : script[requests.length];
      requests.push({ ...request, messages: [...request.messages] });
      if (!line) throw new Error(`The script has no line ${requests.length}`);
      for (const event of line.events) {
        if (line.paceMs > 0) await sleep(line.paceMs, undefined, { signal: request.signal });
        request.signal.throwIfAborted();
        yield event;
      }
      if (line.fail) throw line.fail;
    },
  };
}

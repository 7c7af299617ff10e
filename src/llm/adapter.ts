import type { Clock } from "../core/clock.ts";
import type { ModelEvent, ModelRequest } from "../core/model.ts";
import { describe, toModelError } from "./errors.ts";
import { openLine, type Line, type Timeouts } from "./line.ts";
import type { Price } from "./prices.ts";
import { estimateUsage } from "./usage.ts";

/** What every adapter needs to know. */
export interface AdapterOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly contextTokens: number;
  /** null: the cost of a call is not known. */
  readonly price: Price | null;
  readonly timeouts: Timeouts;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Ids for tool calls that came without one, or with one that is taken. */
  readonly createId: () => string;
}

/** Nobody reads an answer of this size: it is a picture in base64, or a model that repeats itself. */
const MAX_ANSWER_CHARS = 500_000;

/**
 * One call of a provider: gives `talk` a line with time limits, and turns all that can go wrong into a ModelError.
 * `talk` yields our events; when it stops without `end`, the stream was broken.
 */
export async function* callProvider(
  options: AdapterOptions & {
    readonly provider: string;
    readonly request: ModelRequest;
    /** Besides the key, what must never be seen in an error. */
    readonly secrets?: readonly string[];
  },
  talk: (line: Line) => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  const { provider, request, apiKey, secrets = [], clock, fetch, timeouts } = options;
  request.signal.throwIfAborted();
  const errors = { provider, secrets: [apiKey, ...secrets], now: () => clock.now() };
  using line = openLine({ fetch, signal: request.signal, timeouts, errors });
  let hasEnded = false;
  try {
    for await (const event of capped(talk(line), options)) {
      hasEnded ||= event.type === "end";
      yield event;
    }
  } catch (error) {
    throw line.failure() ?? toModelError(error, errors);
  }
  if (hasEnded) return;
  throw (
    line.failure() ??
    describe("the stream ended before the answer did", { ...errors, kind: "broken-stream" })
  );
}

/** Ends an answer that has become absurdly long, as if it had reached its limit. */
async function* capped(
  events: AsyncIterable<ModelEvent>,
  { request, price }: { readonly request: ModelRequest; readonly price: Price | null },
): AsyncGenerator<ModelEvent> {
  let answer = "";
  for await (const event of events) {
    if (event.type === "text-delta") answer += event.text;
    if (answer.length <= MAX_ANSWER_CHARS) {
      yield event;
      continue;
    }
    yield {
      type: "end",
      stop: "max-tokens",
      usage: estimateUsage(request, answer, price),
      replay: null,
    };
    return;
  }
}

import type { Clock } from "../core/clock.ts";
import type { ModelEvent, ModelRequest } from "../core/model.ts";
import { modelError, toModelError } from "./errors.ts";
import { openLine, type Line, type Timeouts } from "./line.ts";
import type { Price } from "./prices.ts";
import { estimateUsage } from "./usage.ts";

/** What every adapter needs to know. */
export interface AdapterOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Sent with every call, for example what Cloudflare Access asks for. May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
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

/** Cloudflare takes the SDKs' own names for robots, and operators have their servers behind it. */
export const USER_AGENT = { "User-Agent": "Clara" } as const;

/** Below this an answer has no room for thoughts, which count as output: the choice of a tier, a summary. */
export const MIN_TOKENS_TO_THINK = 2_048;

/** Nobody reads an answer of this size: it is a picture in base64, or a model that repeats itself. */
const MAX_ANSWER_CHARS = 500_000;

/** What was asked for, as far as the model can. */
export const outputLimit = (request: ModelRequest, price: Price | null): number =>
  Math.min(request.maxOutputTokens, price?.maxOutputTokens ?? Infinity);

/**
 * One call of a provider: gives `talk` a line with time limits, and turns all that can go wrong into a ModelError.
 * `talk` yields our events; when it stops without `end`, the stream was broken.
 */
export async function* callProvider(
  options: AdapterOptions & { readonly provider: string; readonly request: ModelRequest },
  talk: (line: Line) => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  const { provider, request, apiKey, headers, clock, fetch, timeouts } = options;
  request.signal.throwIfAborted();
  const secrets = [apiKey, ...secretsIn(headers)];
  const errors = { provider, secrets, now: () => clock.now() };
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
    modelError("the stream ended before the answer did", { ...errors, kind: "broken-stream" })
  );
}

/** A title or a referer is no secret, and may be a word that stands in any error. */
const secretsIn = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    /secret|token|key|auth|client-id|cookie/i.test(name) ? [value] : [],
  );

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

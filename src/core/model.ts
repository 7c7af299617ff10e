/** What crosses between Clara and a language model. No provider's word appears here. */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export type Tier = "high" | "mid" | "low";

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: JsonObject;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** `{}` when the arguments could not be read; `problem` says why. */
  readonly input: JsonObject;
  /** Words for the model when its arguments were malformed; null when they are fine. */
  readonly problem: string | null;
}

export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  /** `data` is base64. */
  | { readonly type: "image"; readonly mediaType: string; readonly data: string };

export interface ToolAnswer {
  readonly callId: string;
  readonly text: string;
  readonly isError: boolean;
  /** Of a search for tools: the names of those that may be called from now on. */
  readonly found?: readonly string[];
}

export type ModelMessage =
  | { readonly role: "user"; readonly content: readonly ContentPart[] }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly calls: readonly ToolCall[];
      /** What the same adapter handed out in `end.replay` (signed reasoning); other adapters ignore it. */
      readonly replay: JsonObject | null;
    }
  | { readonly role: "tool"; readonly answers: readonly ToolAnswer[] };

export interface SystemBlock {
  readonly text: string;
  /** True when the text stays the same from turn to turn, so that providers may cache up to here. */
  readonly stable: boolean;
}

export interface ModelRequest {
  readonly system: readonly SystemBlock[];
  readonly messages: readonly ModelMessage[];
  /** Index of the last message that will be the same in the next request; -1 for none. */
  readonly lastStableMessage: number;
  readonly tools: readonly ToolSpec[];
  /**
   * What a search of this turn can find, or has found: always the same, in the same order. An adapter whose provider
   * loads tools by name sends these beside `tools` without cost; others take no notice, since what is found is in `tools`.
   */
  readonly later?: readonly ToolSpec[];
  /** none: the tools are told, since the history may hold calls, but may not be called. */
  readonly toolChoice: "auto" | "none";
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

/** Token counts are the provider's own, or an estimate where it gives none. */
export interface Usage {
  readonly inputTokens: number;
  /** Part of `inputTokens` that was read from the provider's cache. */
  readonly cachedInputTokens: number;
  /** Part of `inputTokens` that was written to the provider's cache. */
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** US dollars; null when the model has no known price. */
  readonly costUsd: number | null;
  readonly estimated: boolean;
}

export type StopReason = "end" | "tool-calls" | "max-tokens" | "refusal" | "paused" | "unknown";

export type ModelEvent =
  /** First, once: which model really answers (after a fallback it is another one). */
  | { readonly type: "start"; readonly provider: string; readonly model: string }
  | { readonly type: "text-delta"; readonly text: string }
  /** Never shown to a person. */
  | { readonly type: "reasoning-delta"; readonly text: string }
  | { readonly type: "tool-call"; readonly call: ToolCall }
  | {
      readonly type: "end";
      readonly stop: StopReason;
      readonly usage: Usage;
      readonly replay: JsonObject | null;
    };

/**
 * A language model behind one method.
 *
 * `stream` yields one `start`, any number of deltas and calls, then exactly one `end`.
 * It throws `ModelError` and nothing else, save the signal's own reason when aborted.
 */
export interface Model {
  /** For people and logs, for example `anthropic/claude-sonnet-4-5`. */
  readonly name: string;
  /** Size of the window: input and output together. */
  readonly contextTokens: number;
  readonly stream: (request: ModelRequest) => AsyncIterable<ModelEvent>;
}

/** Models by tier, with retries and fallback already inside. */
export interface Models {
  readonly byTier: (tier: Tier) => Model;
  /** The tier when nobody chose one. */
  readonly defaultTier: Tier;
  /** True when a cheap call may choose the tier (AUTO_TIER_SELECTION). */
  readonly autoTier: boolean;
}

export type ModelErrorKind =
  | "overloaded"
  | "rate-limited"
  | "timeout"
  | "network"
  | "broken-stream"
  | "auth"
  | "no-credit"
  | "not-found"
  | "context-too-long"
  | "bad-request"
  | "unknown";

/** Branch on `kind`. `message` is for the operator's log and never for people: it may hold a provider's raw words. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  readonly retryable: boolean;
  /** From Retry-After; null when the provider said nothing. */
  readonly retryAfterMs: number | null;
  readonly provider: string;

  constructor(
    message: string,
    options: {
      readonly kind: ModelErrorKind;
      readonly provider: string;
      readonly retryable?: boolean;
      readonly retryAfterMs?: number | null;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.kind = options.kind;
    this.provider = options.provider;
    this.retryable = options.retryable ?? RETRYABLE.has(options.kind);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

const RETRYABLE: ReadonlySet<ModelErrorKind> = new Set([
  "overloaded",
  "rate-limited",
  "timeout",
  "network",
  "broken-stream",
]);

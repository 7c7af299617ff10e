import type { MessageId, TurnId } from "./ids.ts";
import type { Tier } from "./model.ts";
import type { Scope } from "./principal.ts";
import type { CancelReason, Trigger } from "./turn.ts";

/** What a model was given of a conversation. Kept with the step that asked it. */
export interface ContextFacts {
  /** Lines given word by word, the question not counted. */
  readonly lines: number;
  /** Lines that were at hand and did not fit. */
  readonly leftOut: number;
  /** Lines given because the question replies to them. */
  readonly quoted: number;
  /** The newest line that the summary covers, as ISO time; null when there was no summary. */
  readonly summaryUpTo: string | null;
  /** Memories that were given. */
  readonly memories: number;
}

export interface ToolFact {
  readonly name: string;
  /** unknown: it was interrupted, or its result was taken back. */
  readonly result: "ok" | "error" | "unknown";
  /** null while it runs. */
  readonly elapsedMs: number | null;
}

export interface CostFacts {
  /** US dollars; null when a call had no known price. */
  readonly costUsd: number | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly calls: number;
}

/** How an answer came about: its newest revision. */
export interface AnswerFacts {
  readonly turnId: TurnId;
  readonly trigger: Trigger;
  /** Asked for by a prefix; null when the settings decided. */
  readonly tier: Tier | null;
  /** Of the calls, in order; a fallback shows as another name. Empty when no model was asked. */
  readonly models: readonly string[];
  /** null for turns from before this was kept, and where it was taken back. */
  readonly context: ContextFacts | null;
  readonly tools: readonly ToolFact[];
  /** How often the question was edited. */
  readonly revision: number;
  readonly waitedMs: number;
  /** Turns of the same conversation that had to end first. */
  readonly ahead: number;
  /** From the first claim to the end; null while it runs. */
  readonly tookMs: number | null;
  /** How often a worker took it up; more than once after a crash. */
  readonly claims: number;
  /** A short code, see TurnOutcome; null while it runs. */
  readonly detail: string | null;
  /** null where it is nobody's business: only who asked and who keeps order may know. */
  readonly cost: CostFacts | null;
}

/** What became of a message. */
export type Fate =
  /** `messageId`: the platform's id of the answer's first message. */
  | { readonly kind: "answered"; readonly messageId: string; readonly detail: string }
  | { readonly kind: "open" }
  | { readonly kind: "cancelled"; readonly reason: CancelReason | null }
  /** An answer was made, and the place did not take it. */
  | { readonly kind: "undeliverable" }
  /** Kept for the context of later ones. */
  | { readonly kind: "heard" }
  | { readonly kind: "unknown" };

/** Why answers are as they are, and why there was none. Only for places that the scope may read. */
export interface Explanations {
  /** The answer that this message of Clara's is a part of; null for others. */
  readonly explain: (scope: Scope, message: MessageId) => Promise<AnswerFacts | null>;
  /** Of these turns, those that the scope may read, in no order. */
  readonly explainTurns: (
    scope: Scope,
    turns: readonly TurnId[],
  ) => Promise<readonly AnswerFacts[]>;
  readonly fateOf: (scope: Scope, question: MessageId) => Promise<Fate>;
}

import type { MessageId, TurnId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { JsonObject, Tier, Usage } from "./model.ts";
import type { Scope } from "./principal.ts";
import type { ApprovalChoice, StepDecision } from "./approvals.ts";
import type { ToolEffect } from "./tool.ts";

/** Why a message gets an answer. */
/** approval: not a message, but a click on a card. */
export type Trigger = "dm" | "mention" | "reply" | "active" | "local" | "schedule" | "approval";

/**
 *            accept             claim              plan                 finish
 *   message ---------> queued ---------> running ---------> delivering ---------> done
 *                        |                  |                    |
 *                        | absorbed by      | stopped, deleted   | edited: revision + 1, queued again
 *                        v an earlier turn  v
 *                      merged            cancelled (through delivering, when something is visible)
 */
export type TurnState = "queued" | "running" | "delivering" | "done" | "merged" | "cancelled";

/** stopped: a person said so. deleted: the question is gone. edited: the question changed, a newer revision answers. */
export type CancelReason = "stopped" | "deleted" | "edited";

/** The right to write a turn. A write with an old generation throws LeaseLost. */
export interface Lease {
  readonly turnId: TurnId;
  readonly generation: number;
}

/** Another worker has taken the turn over, or it was cancelled for good: stop working on it and write nothing. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

export interface Turn {
  readonly id: TurnId;
  readonly conversation: Conversation;
  readonly scope: Scope;
  /** The message that is answered; of several answered together, the last. */
  readonly triggerId: MessageId;
  /** Answered together with the trigger, oldest first; empty unless the channel is active. */
  readonly absorbed: readonly MessageId[];
  readonly trigger: Trigger;
  /** Asked for by a prefix such as `!high`; null when the settings decide. */
  readonly tier: Tier | null;
  /** Grows when the question is edited. */
  readonly revision: number;
  readonly generation: number;
  /** How often this revision was claimed, this time included. */
  readonly claims: number;
  readonly queuedAt: Date;
  /** How long it waited behind others, in milliseconds. */
  readonly waitedMs: number;
}

/** Something done within a turn: the intent is stored before, the result after. */
export interface Step {
  /** From 0, unique within a revision of a turn. */
  readonly seq: number;
  readonly kind: "model" | "tool";
  /** The model's or tool's name. */
  readonly name: string;
  readonly effect: ToolEffect;
  readonly input: JsonObject;
  /** null while it is not known whether the step happened. */
  readonly result: JsonObject | null;
  /** Of a tool call: what the policy said before it began. */
  readonly decision?: StepDecision | null;
  /** Of a tool call that was decided. */
  readonly argsHash?: string | null;
}

export interface StepCost {
  readonly provider: string;
  readonly model: string;
  readonly usage: Usage;
}

/**
 * One message of an answer.
 *
 *   open ------> planned ------> done
 *   (streaming)  (final words)   (Discord has exactly these words)
 *                surplus ------> removed        undeliverable: the place is gone
 */
export type OutboxState = "open" | "planned" | "done" | "surplus" | "removed" | "undeliverable";

/** The notice comes before the answer and goes when the answer begins. */
export const NOTICE_PART = -1;

export interface OutboxPart {
  readonly turnId: TurnId;
  /** From 0; NOTICE_PART for the notice that says that the question waits. */
  readonly part: number;
  /** 22 characters, made once for the row and kept. */
  readonly nonce: string;
  readonly content: string;
  readonly file: OutboxFile | null;
  /** Makes it the card of an approval, with these buttons. */
  readonly card?: OutboxCard | null;
  readonly files?: readonly KeptFile[];
  readonly state: OutboxState;
  /** The platform's own id; null while it is not known whether it was sent. */
  readonly messageId: string | null;
  /** Since the row was made, by the database's clock. */
  readonly ageMs: number;
}

export interface OutboxCard {
  readonly approvalId: string;
  readonly choices: readonly ApprovalChoice[];
}

/** A file of the store that goes out with a message. */
export interface KeptFile {
  readonly fileId: string;
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

export interface OutboxFile {
  readonly name: string;
  readonly text: string;
}

/** How a turn ended. `detail` is a short code for the log, never a provider's words. */
export interface TurnOutcome {
  readonly state: "done" | "cancelled";
  readonly detail: string;
  /** The whole answer as the transcript keeps it; null when there is none to keep. */
  readonly answer: string | null;
}

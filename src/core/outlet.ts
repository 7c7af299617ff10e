import type { FollowUp } from "./follow-up.ts";
import type { MessageId, TurnId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { Approval, ApprovalChoice } from "./approvals.ts";
import type { ToolFile } from "./tool.ts";
import type { KeptFile, OutboxCard, OutboxFile } from "./turn.ts";

export interface RenderedPart {
  readonly content: string;
  readonly file: OutboxFile | null;
  readonly card?: OutboxCard | null;
  readonly files?: readonly KeptFile[];
}

/** On what a person decides, in words. */
export interface ApprovalCard {
  readonly approval: Approval;
  /** Markdown: what, whom it touches, whether it can be undone, why it asks, and who may decide. */
  readonly words: string;
  /** The exact arguments, nothing hidden in them. */
  readonly details: string;
  readonly choices: readonly ApprovalChoice[];
}

export interface OutgoingPart {
  readonly turnId: TurnId;
  /** From 0, or NOTICE_PART. Part 0 and the notice reply to the question, each later part to the one before: others may speak in between. */
  readonly part: number;
  readonly nonce: string;
  readonly content: string;
  readonly file: OutboxFile | null;
  readonly card?: OutboxCard | null;
  /** With their bytes; beside `file` at most nine. */
  readonly uploads?: readonly ToolFile[];
  readonly replyTo: MessageId | null;
  /** The platform's id of the part before; null for part 0. */
  readonly follows: string | null;
  /** True while the answer still grows: the place may offer a way to stop it. */
  readonly running: boolean;
  /** What a person may ask for next; on the last part of a finished answer, and only there. */
  readonly offers?: readonly FollowUp[];
}

/** gone: the message that was to be edited is no longer there. undeliverable: nothing can be said in this place. */
export type Sent =
  | { readonly kind: "sent"; readonly messageId: string; readonly content: string }
  | { readonly kind: "gone" }
  | { readonly kind: "undeliverable"; readonly reason: string };

/**
 * Where answers appear. `send` is idempotent by nonce for at least 60 s: sending twice yields the first message,
 * with the first content. Transient failures throw; the caller tries again.
 */
export interface Outlet {
  readonly send: (place: Conversation, part: OutgoingPart, signal: AbortSignal) => Promise<Sent>;
  readonly edit: (
    place: Conversation,
    messageId: string,
    part: OutgoingPart,
    signal: AbortSignal,
  ) => Promise<Sent>;
  /** Resolves when the message is gone, also when it was gone before. */
  readonly remove: (place: Conversation, messageId: string, signal: AbortSignal) => Promise<void>;
  /** The message that this part became, when an earlier attempt may have sent it; null when there is none. */
  readonly find: (
    place: Conversation,
    part: OutgoingPart,
    /** Messages that are known to be other parts. */
    others: readonly string[],
    signal: AbortSignal,
  ) => Promise<string | null>;
  readonly voice: Voice;
}

/** How a place likes to be spoken to. */
export interface Voice {
  /** Splits an answer into messages. While it grows, parts before the last never change. Never empty for non-empty text that is final. */
  readonly render: (text: string, options: { readonly final: boolean }) => readonly RenderedPart[];
  /** The card as a message of its own. A place without it gets the words below the answer. */
  readonly card?: (card: ApprovalCard) => RenderedPart;
  /** Least time between two edits of one message. */
  readonly editIntervalMs: number;
  /** True when the place shows tools from the turn's events; the answer then needs no line about them. */
  readonly showsTools?: boolean;
  /** True when messages may carry files; elsewhere their names are told. */
  readonly takesFiles?: boolean;
  /** Shows that an answer is on its way until the signal fires. Never throws. */
  readonly working: (place: Conversation, signal: AbortSignal) => void;
}

/** What a watcher of a running turn sees, apart from the words themselves. */
export type TurnEvent =
  | { readonly type: "turn-start" }
  | { readonly type: "tool-start"; readonly name: string; readonly label: string }
  /** What a tool that began is doing now; any number of them. */
  | { readonly type: "tool-progress"; readonly name: string; readonly label: string }
  | {
      readonly type: "tool-end";
      readonly name: string;
      readonly isError: boolean;
      readonly elapsedMs: number;
    }
  | {
      readonly type: "turn-end";
      readonly detail: string;
      readonly costUsd: number | null;
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly elapsedMs: number;
      readonly model: string | null;
    };

export type TurnWatcher = (place: Conversation, turnId: TurnId, event: TurnEvent) => void;

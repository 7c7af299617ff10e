import type { TurnId } from "./ids.ts";
import type { Fact } from "./memory.ts";
import type { Conversation } from "./message.ts";
import type { FollowUp } from "./follow-up.ts";
import type { Scope } from "./principal.ts";

/** How much one turn wrote into the memory of whoever asked, as far as it is still there. */
export interface ReceiptCounts {
  readonly added: number;
  /** New words that took the place of what was known before. */
  readonly changed: number;
  /** Not kept, since there was a password or a key in it. */
  readonly withheld: number;
}

/** What one turn wrote, for the person to see. */
export interface Receipt {
  readonly counts: ReceiptCounts;
  readonly facts: readonly Fact[];
  readonly isUndone: boolean;
}

/** A receipt that its answer does not show yet, or not in its newest form. */
export interface DueReceipt {
  readonly turnId: TurnId;
  readonly scope: Scope;
  readonly place: Conversation;
  /** The platform's id of the answer's last message. */
  readonly messageId: string;
  /** How the turn ended: a short code, see TurnOutcome. */
  readonly detail: string;
  /** False when a card stands below that message: then it offers nothing itself. */
  readonly isLast: boolean;
  /** Grows with everything that the turn writes. */
  readonly version: number;
  readonly counts: ReceiptCounts;
}

/** What turns wrote into memories, until the person has seen it and may have taken it back. */
export interface Receipts {
  /** The oldest first, of turns that are over. What nobody could show for an hour is left. */
  readonly due: (limit: number) => Promise<readonly DueReceipt[]>;
  /** It is shown, or never will be. Says nothing about what was written since it was read: that is due again. */
  readonly settle: (receipt: DueReceipt) => Promise<void>;
  /** For whoever asked that turn's question, and in private: it tells facts of every audience. null for none. */
  readonly of: (scope: Scope, turnId: TurnId) => Promise<Receipt | null>;
  /**
   * Takes back what that turn wrote and nothing else: what is new goes, with the grace period of all that is forgotten,
   * and what it replaced holds again. Once. null when there is nothing (left) to take back.
   */
  readonly undo: (
    scope: Scope,
    turnId: TurnId,
  ) => Promise<Pick<ReceiptCounts, "added" | "changed"> | null>;
}

/** Where an answer gets its receipt. Safe to do again: the message then looks the same. */
export interface ReceiptOutlet {
  /** Resolves also when the message is gone. What may pass is thrown. */
  readonly show: (receipt: ShownReceipt, signal: AbortSignal) => Promise<void>;
}

export interface ShownReceipt {
  readonly turnId: TurnId;
  readonly place: Conversation;
  readonly messageId: string;
  /** What the message offers already, and goes on offering. */
  readonly offers: readonly FollowUp[];
  /** At most 70 characters, for example "1 new, 1 changed". */
  readonly label: string;
  readonly canUndo: boolean;
}

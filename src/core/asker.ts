import type { Conversation } from "./message.ts";
import type { ModelErrorKind, Tier } from "./model.ts";
import type { Scope } from "./principal.ts";
import type { BudgetLimit } from "./stores.ts";

/** What a question aside from every conversation is for. */
export type AsidePurpose = "ask-about" | "summarise" | "catch-up" | "mcp-sampling" | "mail";

export interface AsideQuestion {
  readonly scope: Scope;
  /** Where it is asked; its budgets count. */
  readonly conversation: Conversation;
  /** What to do, in our words. */
  readonly system: string;
  /** What to do it with. What others wrote in it is marked as data by whoever made it. */
  readonly text: string;
  readonly tier: Tier;
  readonly purpose: AsidePurpose;
  readonly signal: AbortSignal;
}

export type Aside =
  /** `isCut`: the model's length limit ended it. */
  | { readonly kind: "words"; readonly text: string; readonly isCut: boolean }
  | { readonly kind: "over-budget"; readonly limit: BudgetLimit; readonly resetsInMs: number }
  /** This person, or the house, has as many of these under way as may be. */
  | { readonly kind: "busy" }
  | { readonly kind: "trouble"; readonly problem: ModelErrorKind };

/** One model call that is no turn: no tools, no transcript, within the asker's budgets, charged to the asker. */
export interface Asker {
  /** False for the demo model: what it says of words that it was given is worth nothing. */
  readonly isAble: boolean;
  /** Characters that a question may have. */
  readonly maxChars: number;
  /** Rejects with the signal's reason, or when the store is away. */
  readonly ask: (question: AsideQuestion) => Promise<Aside>;
}

export interface BudgetLeft {
  readonly limit: BudgetLimit;
  /** In the limit's unit, reservations included. */
  readonly spent: number;
  readonly resetsInMs: number;
}

/** All limits that hold for this person in this place, in the operator's order. */
export type BudgetsLeft = (
  scope: Scope,
  conversation: Conversation["id"],
) => Promise<readonly BudgetLeft[]>;

/** Costs and the like belong to people and places that the store knows. */
export interface Acquaintances {
  /** Makes this person and this place known, and nothing of what is said there. */
  readonly meet: (scope: Scope, conversation: Conversation) => Promise<void>;
  /** When this person last wrote in the guild where the scope is; null when that was not after `since`, or is not known. */
  readonly lastSpokeAt: (scope: Scope, since: Date) => Promise<Date | null>;
}

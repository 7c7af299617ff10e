/** What a tool may do without asking, and a person's click where it may not. */
import type { ConversationId, MessageId, TurnId, UserId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { JsonObject } from "./model.ts";
import type { Scope } from "./principal.ts";
import type { Taint } from "./taint.ts";
import type { ToolEffect } from "./tool.ts";
import type { Lease } from "./turn.ts";

export type Verdict = "allow" | "ask" | "deny";

/** For whom a rule holds: everybody in a guild, everybody in a channel and its threads, one person everywhere. */
export type RuleHolder = "guild" | "channel" | "person";

/** asker: whoever asked. admin: only who may manage the guild. */
export type Clicker = "asker" | "admin";

export interface ToolRule {
  readonly holder: RuleHolder;
  /** A tool's name, `effect:read`, `effect:write`, `effect:outside`, or `*` for every tool. */
  readonly tool: string;
  readonly verdict: Verdict;
  /** Who may click where the rule asks. */
  readonly clicker: Clicker;
}

export interface ToolRules {
  /** All rules that reach this person in this place. */
  readonly of: (scope: Scope, place: Conversation) => Promise<readonly ToolRule[]>;
  /**
   * Throws ScopeError unless the principal may set it: rules of a guild or channel are its admins', a person's are his
   * own and can only be stricter ("ask" or "deny").
   */
  readonly set: (scope: Scope, place: Conversation, rule: ToolRule) => Promise<void>;
  /** True when there was such a rule. Throws ScopeError as `set` does. */
  readonly remove: (
    scope: Scope,
    place: Conversation,
    rule: Pick<ToolRule, "holder" | "tool">,
  ) => Promise<boolean>;
}

/** A call as a person is asked about it. */
export interface AskedCall {
  readonly tool: string;
  readonly effect: ToolEffect;
  readonly input: JsonObject;
  /** Of the tool's name and its arguments in canonical order: an approval is good for exactly these. */
  readonly argsHash: string;
  /** In plain words, for example "Send an e-mail". */
  readonly what: string;
  /** Whom or what it touches; "" when the tool does not say. */
  readonly target: string;
  readonly reversible: boolean;
  readonly clicker: Clicker;
  /** Whose words the turn had read by then; empty when it asks for another reason. */
  readonly taints: readonly Taint[];
}

export type ApprovalState = "open" | "approved" | "denied" | "void";

/** once: this call. conversation: this tool, here. always: this tool with these very arguments, here. */
export type ApprovalChoice = "once" | "conversation" | "always" | "deny";

export interface Approval extends AskedCall {
  /** 16 hexadecimal digits; knowing it gives no right. */
  readonly id: string;
  readonly turnId: TurnId;
  readonly conversationId: ConversationId;
  readonly askerId: UserId;
  readonly askerName: string;
  readonly state: ApprovalState;
}

export type Decided =
  /** `turnId`: the turn that makes the call, or tells of the denial; null for none. */
  | { readonly kind: "decided"; readonly approval: Approval; readonly turnId: TurnId | null }
  /** Decided before, by this click's twin or another; `approval.state` says how. */
  | { readonly kind: "settled"; readonly approval: Approval }
  | { readonly kind: "expired"; readonly approval: Approval }
  | { readonly kind: "not-yours"; readonly approval: Approval }
  | { readonly kind: "unknown" };

export interface Decision {
  /** null: the newest open one that the principal asked for in the conversation. */
  readonly id: string | null;
  readonly choice: ApprovalChoice;
  /** The message that the follow-up turn answers: the card, or one made for it. */
  readonly trigger: (approval: Approval) => MessageId;
  /** True when a denial is told by a turn of its own, where the card itself cannot show it. */
  readonly tellsDenial: boolean;
}

export interface Approvals {
  /** Keeps the call until somebody decides. The same call of the same turn is kept once, however often it is asked. */
  readonly ask: (lease: Lease, call: AskedCall) => Promise<Approval>;
  /** What the turn's present revision waits for, oldest first. */
  readonly openOf: (lease: Lease) => Promise<readonly Approval[]>;
  /** True when this person agreed to such a call for good, in this conversation or with these arguments. */
  readonly isGranted: (
    scope: Scope,
    conversation: ConversationId,
    call: { readonly tool: string; readonly argsHash: string },
  ) => Promise<boolean>;
  /** One transaction: the decision, and the turn that follows it. Of two at once, one decides. */
  readonly decide: (
    scope: Scope,
    conversation: ConversationId,
    decision: Decision,
  ) => Promise<Decided>;
  /** The approved call that this turn is there to make; null for other turns. */
  readonly toRun: (lease: Lease) => Promise<Approval | null>;
  /** Takes back everything that the principal agreed to for good where he speaks. How much that was. */
  readonly revokeGrants: (scope: Scope) => Promise<number>;
}

const APPROVED = "✅ Approved: ";
const DENIED = "❌ Denied: ";

/** What stands in the conversation after a click, as the asker's line. */
export const decisionLine = ({ what, target }: AskedCall, choice: ApprovalChoice): string => {
  const call = target === "" ? what : `${what} (${target})`;
  return (choice === "deny" ? DENIED : APPROVED) + call;
};

/** Such a line names what a model wanted: its words are not the asker's own. */
export const isDecisionLine = (text: string): boolean =>
  text.startsWith(APPROVED) || text.startsWith(DENIED);

/** One call of a tool, as it is kept. Its arguments and result are gone when the question was deleted, or after 90 days. */
export interface AuditedCall {
  readonly turnId: TurnId;
  readonly conversationId: ConversationId;
  readonly personId: UserId;
  readonly tool: string;
  readonly effect: ToolEffect;
  /** null for calls that could not be made at all, such as those of unknown tools. */
  readonly decision: StepDecision | null;
  readonly argsHash: string | null;
  /** The beginning of the arguments. */
  readonly argsShort: string;
  readonly result: "ok" | "error" | "unknown";
  /** null while it runs, or when it was interrupted. */
  readonly elapsedMs: number | null;
  readonly taints: readonly Taint[];
  readonly at: Date;
}

/** approved: a person clicked for this very call. */
export type StepDecision = Verdict | "approved";

export interface Audit {
  /** The calls of one turn, in order. Empty for those who may not read its answer. */
  readonly ofTurn: (scope: Scope, turnId: TurnId) => Promise<readonly AuditedCall[]>;
  /** The newest calls where the scope may read; for a guild's admin everywhere in the guild. */
  readonly recent: (scope: Scope, limit: number) => Promise<readonly AuditedCall[]>;
  /** Whose words the earlier turns had read whose answers are known here, by turn, or by being older than a summary. */
  readonly taintsOf: (
    scope: Scope,
    conversation: ConversationId,
    earlier: { readonly turnIds: readonly TurnId[]; readonly upTo: Date | null },
  ) => Promise<readonly Taint[]>;
  /** What tools gave those turns as their sources and links, the newest first and not without end. */
  readonly addressesOf: (
    scope: Scope,
    conversation: ConversationId,
    turnIds: readonly TurnId[],
  ) => Promise<readonly string[]>;
}

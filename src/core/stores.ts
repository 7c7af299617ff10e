/**
 * What the turn needs of a store. Functions that read or write what people said take a Scope first and see only
 * what that scope may see. Functions that take a Lease act on one turn for the worker that holds it.
 */
import type { AsidePurpose } from "./asker.ts";
import type { ConversationId, GuildId, MessageId, TurnId } from "./ids.ts";
import type { Conversation, IncomingMessage, TranscriptMessage } from "./message.ts";
import type { JsonObject, Tier } from "./model.ts";
import type { RenderedPart } from "./outlet.ts";
import type { Scope } from "./principal.ts";
import type {
  CancelReason,
  Lease,
  OutboxPart,
  Step,
  StepCost,
  Trigger,
  Turn,
  TurnOutcome,
} from "./turn.ts";

export interface Answering {
  readonly trigger: Trigger;
  readonly tier: Tier | null;
  /** With so many open turns, whoever asks gets no more of them; absent: however many. */
  readonly maxOpen?: number;
}

export type Accepted =
  /** Seen before; nothing was changed. */
  | { readonly kind: "known" }
  /** Kept like words that get no answer: its author has `maxOpen` open turns already. */
  | { readonly kind: "full" }
  /** `ahead`: open turns of the same conversation that come first. `notice` was planned as NOTICE_PART when it is not null. */
  | {
      readonly kind: "queued";
      readonly turnId: TurnId;
      readonly ahead: number;
      readonly notice: OutboxPart | null;
    };

export interface Hearing {
  readonly scope: Scope;
  readonly message: IncomingMessage;
}

export interface Inbox {
  /**
   * One transaction: the message, its turn, its job and the conversation's watermark. A message is taken once, however
   * often it comes. `notice(ahead)` gives the words of the notice when the turn has to wait, null for none.
   */
  readonly accept: (
    scope: Scope,
    message: IncomingMessage,
    answering: Answering,
    notice: (ahead: number) => string | null,
  ) => Promise<Accepted>;
  /** Keeps messages that get no answer, for the context of later ones. One transaction for all of them, in order. */
  readonly hear: (hearings: readonly Hearing[]) => Promise<void>;
  /**
   * The new words of a message. A running or recently answered turn of it goes again with revision + 1 ("again"); a
   * message that waits or was only heard is changed in place ("changed"); "unchanged" when the words are the same or the
   * message is unknown.
   */
  readonly revise: (
    scope: Scope,
    id: MessageId,
    text: string,
  ) => Promise<
    { readonly kind: "again"; readonly turnId: TurnId } | { readonly kind: "changed" | "unchanged" }
  >;
  /**
   * Blanks the messages for good (also in summaries, which are made anew) and cancels their open turns; one that answers
   * others as well goes again for those. Gives the ids of both: whoever runs them is to stop.
   */
  readonly forget: (ids: readonly MessageId[]) => Promise<readonly TurnId[]>;
  /** The newest platform message id taken or heard per conversation that is served. */
  readonly watermarks: (platform: Conversation["platform"]) => Promise<readonly Watermark[]>;
}

export interface Watermark {
  readonly conversation: Conversation;
  readonly messageId: MessageId;
}

export interface ClaimedJob {
  readonly jobId: string;
  readonly turnId: TurnId;
  /** How often the job was fetched before; what a worker says of an earlier attempt is not heard. */
  readonly attempt: number;
}

/** The queue of turns: in order within a conversation, side by side across conversations. */
export interface TurnQueue {
  /** At most `limit` turns that may start now, claimed for this worker. */
  readonly fetch: (limit: number) => Promise<readonly ClaimedJob[]>;
  /** Tells that this worker still lives; without it the jobs pass to another within 15 s. */
  readonly touch: (jobs: readonly ClaimedJob[]) => Promise<void>;
  /** Gives a job back, to be fetched again at once (for a shutdown) or after a delay. */
  readonly release: (job: ClaimedJob, delayMs: number) => Promise<void>;
  /** Ends the job of a turn that is already settled. */
  readonly drop: (job: ClaimedJob) => Promise<void>;
  /** Calls back when there may be something to fetch: at least every second while the signal lives. */
  readonly onWork: (wake: () => void, signal: AbortSignal) => void;
}

export type Claim =
  | {
      readonly kind: "claimed";
      readonly turn: Turn;
      /** Steps of this revision from earlier generations, by seq. */
      readonly steps: readonly Step[];
      /** What was already planned or sent, by part. */
      readonly parts: readonly OutboxPart[];
      /** True when the final words were planned before the crash: only delivery is left. */
      readonly planned: boolean;
      /** The answer as planned; null unless `planned`. */
      readonly outcome: TurnOutcome | null;
      /** Why it was cancelled before it was claimed; only the tidying up is left then. null when it was not. */
      readonly cancelled: CancelReason | null;
    }
  /** Done, cancelled or absorbed before; its job can be dropped. */
  | { readonly kind: "settled" };

export interface TurnStore {
  /** Takes the turn with a new generation and absorbs the active-mode messages of the same person right behind it. */
  readonly claim: (job: ClaimedJob) => Promise<Claim>;
  /** Asks whoever runs this turn to stop. True when it was still open and the scope may stop it. */
  readonly cancel: (scope: Scope, id: TurnId, reason: CancelReason) => Promise<boolean>;
  /** The open turn of a conversation that the principal may stop, newest first; null when nothing runs. */
  readonly openTurn: (scope: Scope, conversation: ConversationId) => Promise<TurnId | null>;
  /** Of these, the ones that are to stop, and why; "lost" when another generation has taken over. One query for all. */
  readonly interrupted: (
    leases: readonly Lease[],
  ) => Promise<ReadonlyMap<TurnId, CancelReason | "lost">>;
  /** One transaction: the turn's end, the answer in the transcript, the job's end and the jobs that follow. */
  readonly finish: (lease: Lease, job: ClaimedJob, outcome: TurnOutcome) => Promise<void>;
}

export interface StepStore {
  readonly begin: (lease: Lease, steps: readonly Omit<Step, "result">[]) => Promise<void>;
  /** The result and, for a model call, what it cost, in one transaction. */
  readonly end: (
    lease: Lease,
    seq: number,
    result: JsonObject,
    cost: StepCost | null,
  ) => Promise<void>;
}

export interface Outbox {
  /** Plans a part that still grows, before its first send. Returns the row, also when it was there before. */
  readonly open: (lease: Lease, part: number, content: string) => Promise<OutboxPart>;
  /** One transaction: the final words of every part; parts beyond them become surplus. All rows, by part. */
  readonly plan: (
    lease: Lease,
    parts: readonly RenderedPart[],
    outcome: TurnOutcome,
  ) => Promise<readonly OutboxPart[]>;
  /**
   * The platform's id of a part. Idempotent, and free of the lease: knowing an id is true whoever learnt it.
   * False when the part has been removed meanwhile: then the message must go, too.
   */
  readonly sent: (turnId: TurnId, part: number, messageId: string) => Promise<boolean>;
  readonly settle: (
    lease: Lease,
    part: number,
    state: "done" | "removed" | "undeliverable",
    messageId: string | null,
  ) => Promise<void>;
}

export interface Summary {
  readonly text: string;
  /** The newest message that it covers. */
  readonly upTo: MessageId;
  readonly upToAt: Date;
}

export interface Transcript {
  /** The newest `limit` messages up to and with `upTo`, oldest first; those without words are left out. */
  readonly recent: (
    scope: Scope,
    conversation: ConversationId,
    options: {
      readonly limit: number;
      readonly upTo: MessageId | null;
      readonly after: Date | null;
    },
  ) => Promise<readonly TranscriptMessage[]>;
  /** The message, and what it replies to, and so on: newest first, at most `limit`. */
  readonly chain: (
    scope: Scope,
    id: MessageId,
    limit: number,
  ) => Promise<readonly TranscriptMessage[]>;
  /** Of the conversation's newest 10,000 messages those that hold one of the words, best first. What is quoted is one word. */
  readonly search: (
    scope: Scope,
    conversation: ConversationId,
    query: { readonly words: string; readonly from: string | null; readonly limit: number },
  ) => Promise<readonly TranscriptMessage[]>;
  readonly summary: (scope: Scope, conversation: ConversationId) => Promise<Summary | null>;
  readonly saveSummary: (
    scope: Scope,
    conversation: ConversationId,
    summary: Summary,
  ) => Promise<void>;
}

export interface SpokenWords {
  /** Keeps what is said in an attachment of a message. False when the scope may not read it, or it is gone. */
  readonly keep: (
    scope: Scope,
    id: MessageId,
    attachmentId: string,
    words: string,
  ) => Promise<boolean>;
}

/** Who is held to a limit, per day in the operator's time zone. member: a person, in one guild. */
export type BudgetHolder = "person" | "member" | "channel" | "guild" | "everyone" | "schedule";

export interface BudgetLimit {
  readonly holder: BudgetHolder;
  readonly unit: "usd" | "turns";
  readonly limit: number;
}

export interface Ledger {
  /** What the holder has spent since, reservations included. */
  readonly spent: (
    scope: Scope,
    conversation: ConversationId,
    holder: BudgetHolder,
    since: Date,
  ) => Promise<{ readonly costUsd: number; readonly turns: number }>;
  /**
   * Books a call's estimate before it is made, unless one of the limits is already reached: then that limit comes back.
   * Two callers at once cannot both take the last of a budget.
   */
  readonly reserve: (
    scope: Scope,
    lease: Lease,
    conversation: ConversationId,
    limits: readonly BudgetLimit[],
    since: Date,
    estimateUsd: number,
  ) => Promise<BudgetLimit | null>;
  /** Records what a call cost that is no step of a turn. */
  readonly charge: (scope: Scope, conversation: ConversationId, side: SideCost) => Promise<void>;
}

/** A model call outside of a turn's steps. unfinished: one that began within a step and did not come to its end. */
export interface SideCost {
  readonly purpose:
    | "summary"
    | "tier"
    | "unfinished"
    | "image"
    | "memory"
    | "speech"
    | "claude-code"
    | AsidePurpose;
  /** null for what serves a whole conversation. */
  readonly turnId: TurnId | null;
  readonly cost: StepCost;
}

/** A refusal of the gate, kept so that "why were you silent" has an answer. Ids only, never words. */
export interface GateRefusal {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly guildId: GuildId | null;
  readonly authorId: string;
  readonly reason: string;
  readonly at: Date;
}

export interface GateLog {
  readonly record: (refusals: readonly GateRefusal[]) => Promise<void>;
  readonly about: (scope: Scope, id: MessageId) => Promise<readonly GateRefusal[]>;
}

export type ChannelMode = "active" | "mention" | "off";

export interface ChannelSettings {
  /** Every channel whose mode was set, by the platform's channel id. */
  readonly modes: () => Promise<ReadonlyMap<string, ChannelMode>>;
  readonly setMode: (scope: Scope, channelId: string, mode: ChannelMode) => Promise<void>;
}

/** The last registration of commands, so that the same ones are not registered twice. */
export interface Notes {
  readonly get: (key: string) => Promise<string | null>;
  readonly set: (key: string, value: string) => Promise<void>;
}

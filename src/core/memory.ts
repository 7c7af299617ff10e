/**
 * What Clara knows of people. A fact belongs to the one who said it (its owner) and has an audience: it is used only
 * where everybody who reads the answer may know it. In a private place that is all that its owner said anywhere.
 */
import { NO_TALKS, type RecalledTalks } from "./episodes.ts";
import type { Relation } from "./graph.ts";
import type { ConversationId, MessageId, TurnId, UserId } from "./ids.ts";
import type { TranscriptMessage } from "./message.ts";
import { audienceKey, readableKeys, type Scope } from "./principal.ts";

export const FACT_KINDS = [
  "person",
  "place",
  "project",
  "preference",
  "plan",
  "instruction",
  "other",
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** How it came to be known: out of a conversation, because the person asked for it, or from a file. */
export type FactOrigin = "heard" | "told" | "imported";

/** `here`: whoever reads where it was said. `private`: the owner alone. `guild`: the whole server. `everywhere`: wherever its owner asks. */
export type Reach = "here" | "private" | "guild" | "everywhere";

export interface Fact {
  /** For example `m4f1c09ab33e2`. */
  readonly id: string;
  readonly ownerId: string;
  readonly ownerName: string;
  /** Who said or wrote it: the owner himself, but for what is shared. */
  readonly authorId: string;
  /** As `audienceKey` writes it, or EVERYWHERE. */
  readonly audience: string;
  readonly kind: FactKind;
  readonly text: string;
  /** Whom or what it is about; empty for its owner. */
  readonly subject: string;
  /** Among what one has to know of the person. */
  readonly isKey: boolean;
  readonly isPinned: boolean;
  /** 0 to 1. */
  readonly confidence: number;
  readonly origin: FactOrigin;
  readonly validFrom: Date;
  /** null while it holds. */
  readonly validTo: Date | null;
  readonly supersededBy: string | null;
  readonly createdAt: Date;
  readonly usedAt: Date | null;
  readonly uses: number;
  /** The messages that prove it; empty for what came from elsewhere. */
  readonly sources: readonly MessageId[];
  readonly conversationId: ConversationId | null;
  /** Where that conversation is; null for a private one. */
  readonly guildId: string | null;
}

/** Usable wherever its owner asks, and for no one else. */
export const EVERYWHERE = "everywhere";

/** Owner and audience of what the operator tells everybody whom this Clara serves. */
export const PROJECT = "project";

/** Of no person, but of a guild or of everybody: such a fact's owner is its audience. */
export const isShared = ({ ownerId }: Pick<Fact, "ownerId">): boolean =>
  ownerId === PROJECT || ownerId.startsWith("guild:");

/** The shelves of facts that may be used in this scope. Never empty; throws ScopeError as readableKeys does. */
export function factShelves(scope: Scope): readonly string[] {
  const keys = readableKeys(scope);
  const { userId } = scope.principal;
  return scope.audience.kind === "private"
    ? [ownerShelf(userId), PROJECT]
    : [...keys, everywhereShelf(userId), PROJECT];
}

/** Of the talks in the scope's place; its readers' own. */
export const episodeShelf = ({ audience }: Scope): string => `episodes:${audienceKey(audience)}`;

export const ownerShelf = (ownerId: string): string => `owner:${ownerId}`;
export const everywhereShelf = (ownerId: string): string => `${EVERYWHERE}:${ownerId}`;

export interface NewFact {
  readonly kind: FactKind;
  readonly text: string;
  readonly subject: string;
  readonly isKey: boolean;
  readonly confidence: number;
  readonly origin: FactOrigin;
  readonly validFrom: Date;
  readonly sources: readonly MessageId[];
  readonly conversationId: ConversationId | null;
  /** Facts that hold no longer, now that this one does. */
  readonly replaces: readonly string[];
  /** The same in other words: gets the proof, and no row is made. null when there is none. */
  readonly sameAs: string | null;
}

export type Learned =
  | { readonly kind: "added" | "changed"; readonly id: string }
  /** Known before. */
  | { readonly kind: "known"; readonly id: string }
  | { readonly kind: "refused"; readonly because: Refused };

/**
 * off: the person wants nothing remembered. never: it touches what the person said never to learn. unlearnt: its proof
 * was forgotten. secret: it tells a password or a key.
 */
export type Refused = "paused" | "off" | "never" | "full" | "empty" | "unlearnt" | "secret";

export type MemoryMode = "on" | "paused" | "off";

export interface MemorySettings {
  /** paused: nothing new is learnt. off: nothing is learnt, and nothing is used. */
  readonly mode: MemoryMode;
  /** Words that no fact of this person may hold. */
  readonly never: readonly string[];
  /** When everything is forgotten for good; null when nobody asked for that. */
  readonly forgottenForGoodAt: Date | null;
}

export interface FactQuery {
  /** null for all of them. */
  readonly words: string | null;
  readonly withPast: boolean;
  readonly offset: number;
  /** At most 100. */
  readonly limit: number;
}

export interface FactPage {
  readonly facts: readonly Fact[];
  readonly total: number;
}

export interface FactChange {
  readonly text?: string;
  readonly kind?: FactKind;
  readonly isPinned?: boolean;
  readonly isKey?: boolean;
  readonly reach?: Reach;
}

/** A person's own facts, in that person's hands. But for `ofPerson`, nobody else's are seen or touched, whatever the scope. */
export interface MemoryStore {
  /** Everything of this person, for a scope that is private; gives how many. Words of before are not used either. */
  readonly forgetAll: (scope: Scope) => Promise<number>;
  /** Brings back what is in its grace period. Gives how many. */
  readonly restoreAll: (scope: Scope) => Promise<number>;
  /** One fact, and the messages that prove it are not learnt from again. null when there is none. */
  readonly forget: (scope: Scope, id: string) => Promise<Fact | null>;
  readonly restore: (scope: Scope, id: string) => Promise<Fact | null>;
  /** One transaction for all. In the order given. `turnId`: the turn that does it, for its receipt. */
  readonly learn: (
    scope: Scope,
    facts: readonly NewFact[],
    turnId?: TurnId,
  ) => Promise<readonly Learned[]>;
  /** What `learn` would answer; nothing is written. */
  readonly preview: (scope: Scope, facts: readonly NewFact[]) => Promise<readonly Learned[]>;
  /** New words make a new fact that takes the place of the old. null when there is none, or it would be refused. */
  readonly change: (
    scope: Scope,
    id: string,
    change: FactChange,
    turnId?: TurnId,
  ) => Promise<Fact | null>;
  readonly find: (scope: Scope, id: string) => Promise<Fact | null>;
  /** Pinned first, then newest. */
  readonly list: (scope: Scope, query: FactQuery) => Promise<FactPage>;
  /** What this person said and everybody who reads in this scope may know; newest first. */
  readonly ofPerson: (scope: Scope, person: UserId, limit: number) => Promise<FactPage>;
  readonly settings: (scope: Scope) => Promise<MemorySettings>;
  readonly setMode: (scope: Scope, mode: MemoryMode) => Promise<void>;
  /** False when it was there, or the list is full. */
  readonly addNever: (scope: Scope, words: string) => Promise<boolean>;
  readonly removeNever: (scope: Scope, words: string) => Promise<boolean>;
}

/** A shelf is what is ranked together: see src/memory/shelves.ts. Rows hold what ranking needs; they are not for showing. */
export interface ShelvedFact {
  readonly id: string;
  readonly ownerId: string;
  readonly kind: FactKind;
  readonly text: string;
  readonly subject: string;
  readonly isAlwaysOn: boolean;
  readonly isKey: boolean;
  readonly at: Date;
  readonly stability: number;
  readonly reviewedAt: Date;
  /** Of unit length, by the embedder that was asked for; null while there is none. */
  readonly vector: Float32Array | null;
}

export interface ShelvedMessage {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly role: TranscriptMessage["role"];
  readonly authorId: string;
  readonly authorName: string;
  readonly text: string;
  readonly sentAt: Date;
}

/** For ranking. What is shown at last is read by `facts` and `messages`, which look at the scope once more. */
export interface RecallSource {
  /** Whether the person wants no memory used; and the version of each of the scope's shelves and of its talks, which grows with every change. */
  readonly state: (
    scope: Scope,
  ) => Promise<{ readonly isOff: boolean; readonly versions: ReadonlyMap<string, number> }>;
  /** All valid facts of one of the scope's shelves, at most 20,000, with the vectors of that embedder; null for none. */
  readonly factShelf: (
    scope: Scope,
    key: string,
    embedder: string | null,
  ) => Promise<readonly ShelvedFact[]>;
  /** Newest messages that the scope's readers may know, at most 20,000, oldest first; with `since` those after it. */
  readonly messageShelf: (scope: Scope, since: Date | null) => Promise<readonly ShelvedMessage[]>;
  readonly facts: (scope: Scope, ids: readonly string[]) => Promise<readonly Fact[]>;
  readonly messages: (
    scope: Scope,
    ids: readonly MessageId[],
  ) => Promise<readonly TranscriptMessage[]>;
  /** What went into the answer of a turn: for "why do you know that", and so that what is used stays strong. */
  readonly note: (scope: Scope, turnId: TurnId, note: RecallNote) => Promise<void>;
  /** The same for whoever asked that turn's question; null when nothing is noted. */
  readonly noted: (scope: Scope, turnId: TurnId) => Promise<RecallNote | null>;
}

/** The vectors of facts, whoever's: the program makes them, and shows them to nobody. */
export interface FactVectors {
  /** All of them; until there are new ones the words find the facts. Gives how many. */
  readonly forgetAll: () => Promise<number>;
  /** Facts that this embedder has not seen, newest first. */
  readonly pending: (
    embedder: string,
    limit: number,
  ) => Promise<readonly { readonly id: string; readonly text: string }[]>;
  readonly save: (
    embedder: string,
    vectors: readonly { readonly id: string; readonly vector: Float32Array }[],
  ) => Promise<void>;
}

export interface RecallNote {
  readonly state: RecallState;
  readonly facts: readonly string[];
  readonly messages: readonly MessageId[];
}

/** late: it did not answer by the deadline. off: the person wants no memory. */
export type RecallState = "done" | "late" | "failed" | "off";

export interface Recalled {
  readonly state: RecallState;
  /** Preferences, instructions and what is pinned: given always. */
  readonly always: readonly Fact[];
  /** Best first. */
  readonly facts: readonly Fact[];
  /** What was said earlier, oldest first. */
  readonly messages: readonly TranscriptMessage[];
  readonly talks: RecalledTalks;
  /** How what the question names hangs together with the rest, nearest first. */
  readonly relations: readonly Relation[];
}

export const NOTHING_RECALLED: Recalled = {
  state: "done",
  always: [],
  facts: [],
  messages: [],
  talks: NO_TALKS,
  relations: [],
};

/** An answered turn, out of whose question something may be learnt. */
export interface LearnJob {
  readonly turnId: TurnId;
  readonly scope: Scope;
  readonly conversationId: ConversationId;
  /** What the person said: the trigger, and what was answered together with it. */
  readonly said: readonly MessageId[];
  /** The newest of them. */
  readonly upTo: MessageId;
}

export interface RecallQuestion {
  readonly text: string;
  /** Lines that are given anyway. */
  readonly given: readonly MessageId[];
  /** Whose answer it goes into, to be noted there; null for none. */
  readonly turnId: TurnId | null;
}

export interface Recall {
  /** Never rejects; answers by the deadline. */
  readonly about: (scope: Scope, question: RecallQuestion) => Promise<Recalled>;
  /** The person's own facts that have words of the text, best first: what may be the same, or hold no longer. */
  readonly related: (scope: Scope, text: string, limit: number) => Promise<readonly Fact[]>;
}

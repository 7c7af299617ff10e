/**
 * What Clara knows of people. A fact belongs to the one who said it (its owner) and has an audience: it is used only
 * where everybody who reads the answer may know it. In a private place that is all that its owner said anywhere.
 */
import type { ConversationId, MessageId, TurnId, UserId } from "./ids.ts";
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

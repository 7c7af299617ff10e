/** What a turn is reminded of, and what the search for it looks into. */
import { NO_TALKS, type RecalledTalks } from "./episodes.ts";
import type { Relation } from "./graph.ts";
import type { ConversationId, MessageId, TurnId } from "./ids.ts";
import type { Fact, FactKind } from "./memory.ts";
import type { TranscriptMessage } from "./message.ts";
import type { Scope } from "./principal.ts";

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

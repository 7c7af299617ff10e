/** What Clara wants to come back to: "ask how the exam went", from Friday on. Brought up once, and never by a message of its own. */
import type { MessageId, TurnId } from "./ids.ts";
import type { Scope } from "./principal.ts";

export interface NewIntention {
  readonly text: string;
  readonly dueFrom: Date;
  /** Nothing is asked after that. */
  readonly dueTo: Date;
  readonly sources: readonly MessageId[];
}

export interface Intention extends NewIntention {
  /** For example `i4f1c09ab33e2`. */
  readonly id: string;
  readonly audience: string;
}

/** So many of a list, from there on. */
export interface ListPart {
  readonly offset: number;
  readonly limit: number;
}

export interface Intentions {
  /** Gives how many are new. None for a person who wants nothing learnt, and none that tells a password or a key. */
  readonly add: (scope: Scope, intentions: readonly NewIntention[]) => Promise<number>;
  /** The person's own that are still to come, soonest first, at most 50 at a time. */
  readonly list: (scope: Scope, part?: ListPart) => Promise<readonly Intention[]>;
  /** null when there is none. */
  readonly cancel: (scope: Scope, id: string) => Promise<Intention | null>;
  /**
   * What is due for whoever asked that turn's question, and may be known where he asked it. Each is given to one turn
   * alone, and to that one as often as it asks; a turn that ends without an answer gives it back.
   */
  readonly take: (scope: Scope, turnId: TurnId) => Promise<readonly Intention[]>;
}

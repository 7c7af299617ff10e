/** Who and what people spoke of, and how it hangs together: "Ana works at Acme", "Acme is in Lisbon". */
import type { MessageId } from "./ids.ts";
import type { ListPart } from "./intentions.ts";
import type { Scope } from "./principal.ts";

export interface NewRelation {
  /** A name; empty for the person who says it. */
  readonly from: string;
  /** In a few words: "works at". */
  readonly type: string;
  readonly to: string;
  /** False: it is said to hold no longer. */
  readonly holds: boolean;
  readonly validFrom: Date;
  readonly sources: readonly MessageId[];
}

export interface Relation {
  readonly id: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly audience: string;
  readonly from: string;
  readonly type: string;
  readonly to: string;
  readonly validFrom: Date;
  /** null while it holds. */
  readonly validTo: Date | null;
  readonly sources: readonly MessageId[];
}

export interface Around {
  /** 1: what touches one of the names. 2: also what touches that. At most 3. */
  readonly hops: number;
  readonly limit: number;
  /** What held then. */
  readonly at: Date;
}

/** A relation belongs to whoever said it, and is used where its audience may know it, as facts are. */
export interface GraphStore {
  /** Gives how many changed something. None for a person who wants nothing learnt, and none that tells a password or a key. */
  readonly add: (scope: Scope, relations: readonly NewRelation[]) => Promise<number>;
  /** Nearest first. Names that are written differently, but for case and marks, are different. */
  readonly around: (
    scope: Scope,
    names: readonly string[],
    around: Around,
  ) => Promise<readonly Relation[]>;
  /** The person's own that hold, newest first, at most 100 at a time. */
  readonly list: (scope: Scope, part?: ListPart) => Promise<readonly Relation[]>;
  /** null when there is none. */
  readonly remove: (scope: Scope, id: string) => Promise<Relation | null>;
}

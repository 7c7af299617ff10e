import type { Fact, Learned, NewFact } from "./memory.ts";
import type { Scope } from "./principal.ts";

/** For whom something is written down: the guild where it is said, or everybody whom this Clara serves. */
export type SharedWith = "guild" | "project";

/** What is known to a whole guild, or to everybody. Who may write it is for the caller to know; the scope says for which guild. */
export interface SharedFacts {
  /** Those of the scope's guild and of the project, newest first. */
  readonly list: (scope: Scope) => Promise<readonly Fact[]>;
  readonly add: (
    scope: Scope,
    fact: Pick<NewFact, "text" | "kind"> & { readonly sharedWith: SharedWith },
  ) => Promise<Learned>;
  /** null when there is none. */
  readonly remove: (scope: Scope, sharedWith: SharedWith, id: string) => Promise<Fact | null>;
}

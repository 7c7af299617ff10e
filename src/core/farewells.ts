import type { UserId } from "./ids.ts";
import type { Json } from "./model.ts";
import type { Scope } from "./principal.ts";

/** What was kept of a person and is gone, or blank where a row has to stay: numbers for the log. */
export type Removed = Readonly<Record<string, number>>;

/** A place outside that knows the person through us, and is told before everything goes. */
export interface Goodbye {
  /** For the log: `google`. */
  readonly name: string;
  /** The scope is the person's own, in private. Resolves also when there is nothing to tell; rejects when nobody listened. */
  readonly leave: (scope: Scope, signal: AbortSignal) => Promise<void>;
}

/** Everything of one person at once: given to that person, or taken away. For scopes that are private. */
export interface Farewells {
  /** Memories are used no more from now on; after the grace period all is gone. Gives when. Again changes nothing. */
  readonly ask: (scope: Scope) => Promise<Date>;
  /** null when nobody asked for it. */
  readonly pending: (scope: Scope) => Promise<Date | null>;
  /** False when there was nothing to take back, or it is due by now. */
  readonly takeBack: (scope: Scope) => Promise<boolean>;
  /** Whose grace period is over, and of whom no answer is under way. */
  readonly due: (limit: number) => Promise<readonly UserId[]>;
  /** All rows of this person, in one transaction; for good. null when it is not due, or was taken back. */
  readonly carryOut: (person: UserId) => Promise<Removed | null>;
  /** A copy of it, by what it is. Of what was said the newest 10,000 lines. */
  readonly everything: (scope: Scope) => Promise<Readonly<Record<string, readonly Json[]>>>;
}

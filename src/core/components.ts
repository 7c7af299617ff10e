import type { JsonObject } from "./model.ts";
import type { Scope } from "./principal.ts";

/** A button, select or form that was shown to one person. */
export interface NewControl {
  /** Short, random, and the only thing of it that the platform sees. */
  readonly id: string;
  readonly action: string;
  readonly data: JsonObject;
}

export type Pressed =
  | { readonly kind: "pressed"; readonly action: string; readonly data: JsonObject }
  /** The same control is at work already: somebody pressed twice. */
  | { readonly kind: "busy" }
  | { readonly kind: "not-yours" }
  /** Never there, used up, or too old. */
  | { readonly kind: "gone" };

/** What the controls below a reply lead to. It survives restarts; a day later it is gone. */
export interface ComponentStore {
  /** For the principal of this scope only. */
  readonly keep: (scope: Scope, controls: readonly NewControl[]) => Promise<void>;
  /** Takes the press for 15 s, or until `release`: meanwhile nobody else gets it. */
  readonly press: (scope: Scope, id: string) => Promise<Pressed>;
  /** `isUsedUp`: it may not be pressed again. */
  readonly release: (id: string, isUsedUp: boolean) => Promise<void>;
}

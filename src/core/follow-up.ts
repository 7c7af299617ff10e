import type { TurnId } from "./ids.ts";
import type { Scope } from "./principal.ts";

/** What a person may ask for with a click below an answer. */
export const FOLLOW_UPS = ["retry", "shorter", "deeper", "continue"] as const;
export type FollowUp = (typeof FOLLOW_UPS)[number];

export interface Press {
  /** The turn whose answer carries the button. */
  readonly turnId: TurnId;
  readonly kind: FollowUp;
  /** The platform's own id of the click: what comes of it is newer than this. */
  readonly pressId: string;
  /** What the click says in the transcript, as the person's own words. */
  readonly text: string;
}

export type Pressed =
  /** `ahead`: open turns of the same conversation that come first. */
  | { readonly kind: "queued"; readonly turnId: TurnId; readonly ahead: number }
  /** Somebody was quicker, or the same person clicked twice. */
  | { readonly kind: "used" }
  /** The answer is still being written, or written anew. */
  | { readonly kind: "open" }
  /** The question was taken back, the answer is not known (any more), or there is nothing to go on from. */
  | { readonly kind: "gone" }
  | { readonly kind: "not-yours" };

/** Another turn about an answer that is there already, once per answer however many click. */
export interface FollowUps {
  readonly press: (scope: Scope, press: Press) => Promise<Pressed>;
}

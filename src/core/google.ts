import type { UserId } from "./ids.ts";
import type { Scope } from "./principal.ts";
import type { BrowserSignIn, LinkedPerson } from "./sign-in.ts";

/** How a person's Google is, for that person. */
export type GoogleStatus =
  | { readonly kind: "nothing" }
  /** Google no longer honours what was agreed to: somebody took it back, or it ran out. */
  | { readonly kind: "revoked"; readonly email: string | null }
  /** It is kept, but the key that opens it is not here. */
  | { readonly kind: "locked" }
  | {
      readonly kind: "connected";
      readonly email: string | null;
      /** In words, for example "Google Calendar". */
      readonly services: readonly string[];
      readonly missing: readonly string[];
      readonly isAllowedHere: boolean;
      readonly otherPlaces: number;
    };

export type Disconnected =
  | { readonly kind: "nothing" }
  /** `isRevoked`: Google was told, and confirmed. */
  | { readonly kind: "disconnected"; readonly isRevoked: boolean };

/** A person's own connection to Google, in that person's hands. */
export interface GoogleConnection {
  /** A link for the browser of the scope's principal, good for 10 minutes. An earlier one is no longer good. */
  readonly link: (scope: Scope) => Promise<string>;
  readonly status: (scope: Scope) => Promise<GoogleStatus>;
  readonly disconnect: (scope: Scope, signal: AbortSignal) => Promise<Disconnected>;
  /** Whether it may be used where others read along, in the scope's own place. False when nothing is connected. */
  readonly allowHere: (scope: Scope, isAllowed: boolean) => Promise<boolean>;
}

export type SignInEnd =
  | {
      readonly kind: "connected";
      readonly person: LinkedPerson;
      readonly email: string | null;
      readonly missing: readonly string[];
    }
  /** The person said no at Google. */
  | { readonly kind: "declined" }
  /** Nobody gave out such a state, or it was used before. */
  | { readonly kind: "unknown" }
  | { readonly kind: "expired" }
  /** Begun in another browser than the one that came back. */
  | { readonly kind: "other-browser" }
  /** Google did not give what was needed; in words. */
  | { readonly kind: "failed"; readonly says: string };

/** The way through the browser. The key that stays in it is PKCE's verifier, too (RFC 7636). */
export type GoogleSignIn = BrowserSignIn<LinkedPerson, SignInEnd>;

export type LinkFinished =
  | { readonly kind: "finished"; readonly person: LinkedPerson }
  | { readonly kind: "unknown" | "expired" | "other-browser" };

/** Links that were given out. Only hashes are kept of what opens them. */
export interface GoogleLinks {
  /** Takes the place of the person's earlier one. */
  readonly offer: (
    scope: Scope,
    link: { readonly idHash: string; readonly expiresAt: Date },
  ) => Promise<void>;
  readonly look: (idHash: string, now: Date) => Promise<LinkedPerson | null>;
  readonly begin: (
    idHash: string,
    begun: { readonly stateHash: string; readonly challenge: string },
    now: Date,
  ) => Promise<boolean>;
  /** Once: what was finished is gone. */
  readonly finish: (stateHash: string, challenge: string, now: Date) => Promise<LinkFinished>;
  readonly forgetAll: (person: UserId) => Promise<void>;
}

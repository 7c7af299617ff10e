import type { McpServer } from "./mcp.ts";
import type { LinkedPerson } from "./sign-in.ts";
import type { Scope } from "./principal.ts";

/** Somebody who wants to sign in to a server, or what goes with it. */
export interface McpSignInFor {
  readonly scope: Scope;
  readonly server: McpServer;
  /** Whether the principal may manage the server (`mayManage`): needed where the credentials are its owner's. */
  readonly isManager: boolean;
}

/** The principal may not sign in here: the credentials are the owner's, and somebody else manages the server. */
type NotYours = { readonly kind: "not-yours" };
/** The server is no hosted one, or its headers are all it wants. */
type NotWanted = { readonly kind: "not-wanted" };
/** In words for the person: what happened, and what to do. */
type Failed = { readonly kind: "failed"; readonly says: string };

export type McpSignInStart =
  /**
   * `url`: for the principal's own browser, to be shown to nobody else. window: it ends by itself in the browser. paste:
   * the browser ends on a page that cannot be shown, whose address goes to `complete`.
   */
  | {
      readonly kind: "link";
      readonly url: string;
      readonly way: "window" | "paste";
      /** Who will ask the person, for example `auth.example.com`. */
      readonly host: string;
      /** What is asked for, as the server calls it; empty when it did not say. */
      readonly scopes: readonly string[];
      readonly expiresAt: Date;
    }
  | NotYours
  | NotWanted
  | Failed;

/** Who would be signed in by a link, and where. */
export interface McpSignInPerson extends LinkedPerson {
  readonly serverName: string;
  /** Who will ask the person, for example `auth.example.com`. */
  readonly host: string;
}

export type McpSignInEnd =
  | {
      readonly kind: "signed-in";
      readonly person: LinkedPerson;
      readonly serverName: string;
      readonly scopes: readonly string[];
    }
  /** The person said no at the sign-in server. */
  | { readonly kind: "declined" }
  /** Nobody began such a sign-in, or it was ended before. */
  | { readonly kind: "unknown" }
  | { readonly kind: "expired" }
  /** Begun in another browser than the one that came back. */
  | { readonly kind: "other-browser" }
  /** It was begun without the window: what stands in the browser's address line has to be pasted in the chat. */
  | { readonly kind: "paste" }
  | NotYours
  | Failed;

export type McpSignInStatus =
  | NotYours
  | NotWanted
  | { readonly kind: "signed-out" }
  /** Somebody began, and has not come back. */
  | { readonly kind: "waiting"; readonly expiresAt: Date }
  /** The server no longer takes what it gave, or wants more than was agreed to; in words why. */
  | { readonly kind: "sign-in-again"; readonly says: string }
  /** It is kept, but the key that opens it is not here. */
  | { readonly kind: "locked" }
  | {
      readonly kind: "signed-in";
      /** by-hand: a token that somebody entered. */
      readonly how: "browser" | "by-hand";
      readonly scopes: readonly string[];
      /** Of the token that is used now; null when it does not say. */
      readonly expiresAt: Date | null;
      readonly isRefreshed: boolean;
    };

export type McpSignedOut =
  | NotYours
  | { readonly kind: "nothing" }
  /** `isRevoked`: the sign-in server was told, and confirmed. */
  | { readonly kind: "signed-out"; readonly isRevoked: boolean };

export type McpTokenKept = NotYours | NotWanted | Failed | { readonly kind: "kept" };

/** Signing in to hosted servers, for `/mcp oauth_*`. Whose credentials it is about says the server: `holderOf`. */
export interface McpSignIn {
  /** An earlier link of the same person for this server is no longer good. */
  readonly start: (asked: McpSignInFor, signal: AbortSignal) => Promise<McpSignInStart>;
  /** `pasted`: the whole address at which the browser ended (best), or the code alone. */
  readonly complete: (
    asked: McpSignInFor,
    pasted: string,
    signal: AbortSignal,
  ) => Promise<McpSignInEnd>;
  readonly status: (asked: McpSignInFor) => Promise<McpSignInStatus>;
  readonly signOut: (asked: McpSignInFor, signal: AbortSignal) => Promise<McpSignedOut>;
}

/** What people enter by hand instead. */
export interface McpCredentials {
  /** A token that was got elsewhere; it takes the place of a sign-in. */
  readonly setToken: (
    asked: McpSignInFor,
    token: { readonly accessToken: string; readonly refreshToken: string | null },
    signal: AbortSignal,
  ) => Promise<McpTokenKept>;
  /**
   * A client that was registered by hand at the sign-in server `issuer`, and is shown to no other. For managers of the
   * server only: everybody who signs in to it uses it.
   */
  readonly setClient: (
    asked: McpSignInFor,
    client: {
      readonly issuer: string;
      readonly clientId: string;
      readonly clientSecret: string | null;
    },
  ) => Promise<McpTokenKept>;
}

import type { McpServerId, UserId } from "./ids.ts";
import type { McpOwner } from "./mcp.ts";
import type { Scope } from "./principal.ts";
import type { LinkedPerson } from "./sign-in.ts";

/** A sign-in at a hosted server that somebody began. */
export interface BegunSignIn {
  readonly serverId: McpServerId;
  /** Whose credentials it will be. */
  readonly holder: McpOwner;
  readonly startedBy: LinkedPerson;
  /** What is needed at the end; kept sealed. */
  readonly kept: string;
  readonly expiresAt: Date;
}

export type FinishedSignIn =
  | { readonly kind: "finished"; readonly begun: BegunSignIn }
  | { readonly kind: "unknown" | "expired" };

/** Sign-ins that were begun. Of the state that ends one, only a hash is known here. */
export interface McpSignIns {
  /** For the scope's principal; takes the place of his earlier one for this server. */
  readonly begin: (
    scope: Scope,
    stateHash: string,
    begun: Omit<BegunSignIn, "startedBy">,
  ) => Promise<void>;
  /** null when nobody began it, or it is over. Changes nothing. */
  readonly look: (stateHash: string, now: Date) => Promise<BegunSignIn | null>;
  /** The same with something else to keep; false as above. */
  readonly keep: (stateHash: string, kept: string, now: Date) => Promise<boolean>;
  /** Once: what was finished is gone. */
  readonly finish: (stateHash: string, now: Date) => Promise<FinishedSignIn>;
  /** The hash of the state of what this person began for this server; null when there is nothing. */
  readonly of: (
    scope: Scope,
    serverId: McpServerId,
  ) => Promise<{ readonly stateHash: string; readonly expiresAt: Date } | null>;
  readonly forget: (person: UserId, serverId: McpServerId) => Promise<void>;
}

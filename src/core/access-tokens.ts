import type { Conversation } from "./message.ts";
import type { Scope } from "./principal.ts";
import type { LinkedPerson } from "./sign-in.ts";

/** By which a person's own programs reach Clara as that person. */
export interface AccessToken {
  /** Shown in lists, and by which it is taken back. */
  readonly id: string;
  /** What the person calls it, for example the program's name. */
  readonly label: string;
  /** False: with it programs read, and nothing more. */
  readonly canChange: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Whose program it is, and what it may do. */
export interface TokenHolder {
  readonly tokenId: string;
  readonly person: LinkedPerson;
  readonly canChange: boolean;
}

/** Tokens that were given out. Of each only a hash is kept. */
export interface AccessTokens {
  /** For the scope's principal. False when he has as many as he may. */
  readonly add: (
    scope: Scope,
    tokenHash: string,
    token: Pick<AccessToken, "id" | "label" | "canChange" | "expiresAt">,
  ) => Promise<boolean>;
  /** The principal's own, the newest first. */
  readonly list: (scope: Scope) => Promise<readonly AccessToken[]>;
  readonly remove: (scope: Scope, id: string) => Promise<boolean>;
  /** null when nobody gave it out, it was taken back, or it is over. */
  readonly use: (tokenHash: string, now: Date) => Promise<TokenHolder | null>;
  /** Where the principal is alone with Clara and reads what she says; null when there is no such place yet. */
  readonly ownPlace: (scope: Scope) => Promise<Conversation | null>;
}

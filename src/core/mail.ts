import type { UserId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { Scope } from "./principal.ts";

/** Accounts of one person. */
export const MAX_MAIL_ACCOUNTS = 10;
/** A provider locks an account at which the wrong password is tried again and again. */
export const MAX_LOGIN_REFUSALS = 10;

export type MailProvider = "gmail" | "icloud" | "outlook" | "yahoo" | "imap";

/** tls: encrypted from the first byte. starttls: only after the server has agreed; without that nothing is said. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls";
}

/**
 *   active --- its owner ---> paused --- its owner ---> active
 *     |---- MAX_LOGIN_REFUSALS in a row ----> refused --- a password that works ---> active
 *     \---- its password cannot be opened ----> locked --- a password that works ---> active
 */
export type MailState = "active" | "paused" | "refused" | "locked";

/** What came in the way the last time. Branch on it; the words are made where they are read. */
export type MailProblem =
  | "login-refused"
  | "locked"
  | "unreachable"
  | "bad-certificate"
  | "no-encryption"
  | "no-mail-server"
  | "busy"
  | "too-slow"
  | "forbidden-address"
  | "failed";

/** From and to in minutes since midnight on the owner's clock; may go over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

export interface MailConnection {
  readonly address: string;
  /** The name that the server knows, often the address. */
  readonly login: string;
  readonly provider: MailProvider;
  /** oauth: the secret is an access token, said by XOAUTH2. */
  readonly auth: "password" | "oauth";
  readonly imap: MailServer;
  /** null: nothing can be sent from it. */
  readonly smtp: MailServer | null;
}

export interface MailAccount extends MailConnection {
  readonly id: number;
  readonly owner: UserId;
  readonly state: MailState;
  /** null: the last check went well, or there was none yet. */
  readonly problem: MailProblem | null;
  readonly checkedAt: Date | null;
  readonly retryAt: Date | null;
  /** Where alerts go; null for the owner's DM. */
  readonly channel: Conversation | null;
  readonly pings: boolean;
  readonly quiet: QuietHours | null;
  /** Minutes since midnight on the owner's clock. */
  readonly digestAt: number;
  readonly pollMinutes: number;
  /** Grows with every change that whoever watches it has to know. */
  readonly revision: number;
}

export type NewMailAccount = MailConnection & Pick<MailAccount, "pollMinutes">;

export type MailAccountChange = Partial<
  Pick<MailAccount, "channel" | "pings" | "quiet" | "digestAt" | "pollMinutes">
> & { readonly state?: "active" | "paused" };

export type AddedMailAccount =
  | { readonly kind: "added"; readonly account: MailAccount }
  /** The person has MAX_MAIL_ACCOUNTS. */
  | { readonly kind: "too-many" };

/** What happened to an account besides mails: for its owner. */
export interface MailEvent {
  readonly at: Date;
  readonly kind: "uid-validity" | "gone" | "unreadable" | "flood" | "late" | "imported";
  readonly detail: string;
}

/**
 * A person's own accounts, and nobody else's: every scope has to be private. The password is no part of it, see
 * mailSecretName().
 */
export interface MailAccounts {
  /** One of the same address is connected anew: its settings stay, its state is active. */
  readonly add: (scope: Scope, account: NewMailAccount) => Promise<AddedMailAccount>;
  /** By address. */
  readonly list: (scope: Scope) => Promise<readonly MailAccount[]>;
  /** null when there is none of his. */
  readonly one: (scope: Scope, id: number) => Promise<MailAccount | null>;
  readonly change: (scope: Scope, id: number, change: MailAccountChange) => Promise<boolean>;
  /** With its mails, alerts and drafts, and the secret. */
  readonly remove: (scope: Scope, id: number) => Promise<boolean>;
  /** Newest first. */
  readonly events: (scope: Scope, id: number, limit: number) => Promise<readonly MailEvent[]>;
}

/** The name of an account's password among its owner's secrets. It is there before the account is. */
export const mailSecretName = ({ address }: Pick<MailConnection, "address">): string =>
  `mail:${address}`;

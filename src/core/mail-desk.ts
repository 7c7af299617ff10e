import type { MailAccount, MailConnection, MailProblem } from "./mail.ts";
import type { AlertedMail, Unsubscribe } from "./mail-queue.ts";
import type { Dmarc, NewMailRule, RuleDefinition } from "./mail-rules.ts";
import type { Scope } from "./principal.ts";

/** What came of something at a mail server. Throws nothing but the signal's reason and what is no fault of the server. */
export type AtServer<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "trouble"; readonly problem: MailProblem }
  /** No such account, folder or mail of his; or it is gone. */
  | { readonly kind: "unknown" };

export interface MailLine {
  readonly uid: number;
  readonly from: string;
  readonly subject: string;
  readonly receivedAt: Date;
  readonly isUnread: boolean;
  readonly sizeBytes: number;
}

/** A whole mail, in letters that can be shown. Hostile all the same: whoever gives it to a model marks it. */
export interface WholeMail {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: readonly { readonly address: string }[];
  readonly to: readonly { readonly address: string }[];
  readonly cc: readonly { readonly address: string }[];
  readonly subject: string;
  readonly receivedAt: Date;
  readonly messageId: string | null;
  readonly references: readonly string[];
  readonly text: string;
  readonly isTextCut: boolean;
  readonly hidesWords: boolean;
  readonly dmarc: Dmarc;
  readonly attachments: readonly {
    readonly name: string;
    readonly contentType: string;
    readonly sizeBytes: number;
  }[];
  readonly unsubscribe: Unsubscribe | null;
}

export interface MailSearch {
  readonly from?: string | undefined;
  readonly subject?: string | undefined;
  /** Anywhere in it. */
  readonly text?: string | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
  readonly unreadOnly?: boolean | undefined;
}

export interface DryRun {
  /** Mails that were looked at, of the newest. */
  readonly looked: number;
  readonly fitting: readonly MailLine[];
}

export interface MailFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** A person's mailboxes as they are now, for that person alone: every scope has to be private. Marks nothing as seen. */
export interface MailDesk {
  /** What is to be entered for an address; null for servers that nobody knows. */
  readonly guess: (address: string) => Omit<MailConnection, "address" | "login"> | null;
  /** Signs in, and keeps account and password when that works. */
  readonly connect: (
    scope: Scope,
    connection: MailConnection,
    password: string,
    signal: AbortSignal,
  ) => Promise<AtServer<MailAccount> | { readonly kind: "too-many" }>;
  readonly test: (
    scope: Scope,
    accountId: number,
    signal: AbortSignal,
  ) => Promise<AtServer<{ readonly folders: number; readonly canSend: boolean }>>;
  readonly folders: (
    scope: Scope,
    accountId: number,
    signal: AbortSignal,
  ) => Promise<AtServer<readonly string[]>>;
  /** Newest first. */
  readonly search: (
    scope: Scope,
    accountId: number,
    folder: string,
    search: MailSearch,
    limit: number,
    signal: AbortSignal,
  ) => Promise<AtServer<readonly MailLine[]>>;
  readonly read: (
    scope: Scope,
    accountId: number,
    folder: string,
    uid: number,
    signal: AbortSignal,
  ) => Promise<AtServer<WholeMail>>;
  /** The mail behind an alert, found by its number, and by what it is when numbers have changed. */
  readonly readAlerted: (
    scope: Scope,
    mail: AlertedMail,
    signal: AbortSignal,
  ) => Promise<AtServer<WholeMail>>;
  readonly archive: (
    scope: Scope,
    mail: AlertedMail,
    signal: AbortSignal,
  ) => Promise<AtServer<string>>;
  readonly attachment: (
    scope: Scope,
    accountId: number,
    folder: string,
    uid: number,
    index: number,
    signal: AbortSignal,
  ) => Promise<AtServer<MailFile>>;
  /** What a rule would have fitted of the newest mails. */
  readonly dryRun: (
    scope: Scope,
    accountId: number,
    definition: RuleDefinition,
    signal: AbortSignal,
  ) => Promise<AtServer<DryRun>>;
  /** Sends an open draft: once, and never again by itself. */
  readonly send: (
    scope: Scope,
    draftId: number,
    signal: AbortSignal,
  ) => Promise<AtServer<"sent" | "uncertain">>;
  /** RFC 8058: asks the list's own server once. False when it did not agree. */
  readonly unsubscribe: (scope: Scope, mail: AlertedMail, signal: AbortSignal) => Promise<boolean>;
  readonly presets: readonly {
    readonly name: string;
    readonly says: string;
    readonly rule: NewMailRule;
  }[];
  /** Rules as the original wrote them, in JSON. */
  readonly readRules: (json: string) => {
    readonly rules: readonly NewMailRule[];
    readonly problems: readonly string[];
  };
  /** What is wrong with a pattern; null when nothing is. */
  readonly wrongPattern: (pattern: string) => string | null;
  /** Somebody has changed accounts: whoever watches looks now. */
  readonly poke: () => void;
}

/** A rule made of words by a model that holds no tools. */
export interface RuleWriter {
  readonly write: (
    scope: Scope,
    words: string,
    signal: AbortSignal,
  ) => Promise<
    | { readonly kind: "rule"; readonly rule: NewMailRule }
    | { readonly kind: "unclear"; readonly why: string }
  >;
}

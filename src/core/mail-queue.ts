import type { Announced } from "./announcer.ts";
import type { MailAccount, MailEvent, MailProblem } from "./mail.ts";
import type { Dmarc, Importance, MailAction, MailRule } from "./mail-rules.ts";
import type { UserId } from "./ids.ts";
import type { Scope } from "./principal.ts";

/** How far a folder was read. UIDs say nothing once UIDVALIDITY has changed. RFC 9051, 2.3.1.1. */
export interface MailCursor {
  readonly accountId: number;
  readonly path: string;
  readonly uidValidity: number;
  /** All up to this one were judged, or are gone. */
  readonly lastUid: number;
  /** After a change of UIDVALIDITY: those up to this one may be old ones under a new number. */
  readonly rebaseUpTo: number;
  /** Of what is not known, only what came from then on is new. */
  readonly rebaseFrom: Date | null;
  /** INTERNALDATE of the newest that was seen, on the server's own clock. */
  readonly newestAt: Date | null;
  readonly checkedAt: Date | null;
}

/** Where a mail can be unsubscribed from. */
export interface Unsubscribe {
  /** RFC 8058: one POST does it. */
  readonly oneClick: string | null;
  readonly mailto: string | null;
  readonly page: string | null;
}

/** What is kept of a mail: enough to tell of it, and to know it again. */
export interface MailFacts {
  readonly uid: number;
  /** Of Message-ID, date and size. */
  readonly fingerprint: string;
  readonly messageId: string | null;
  readonly fromAddress: string;
  readonly fromName: string;
  readonly subject: string;
  readonly snippet: string;
  /** INTERNALDATE: when the server got it. */
  readonly receivedAt: Date;
  readonly sizeBytes: number;
  readonly dmarc: Dmarc;
  readonly listId: string | null;
  readonly unsubscribe: Unsubscribe | null;
  readonly attachments: readonly string[];
}

export interface Verdict {
  readonly action: MailAction | "none" | "known";
  readonly ruleId: number | null;
  readonly ruleName: string | null;
  readonly importance: Importance;
  readonly pings: boolean;
  readonly label: string | null;
  readonly prompt: string | null;
  /** When an alert or digest may be told: later in quiet hours. */
  readonly dueAt: Date;
}

export interface JudgedMail extends MailFacts {
  readonly verdict: Verdict;
}

export type MailAlertKind = "mail" | "digest" | "notice";

export interface WatchedAccount extends MailAccount {
  /** Login refusals in a row. */
  readonly refusals: number;
  /** IANA name; null when its owner never said. */
  readonly zone: string | null;
}

/** For whoever watches accounts: it acts for their owners, and shows nothing to anybody but them. */
export interface MailQueue {
  /** Those that this worker may watch for `leaseMs` from now on: what it has already, and what nobody has. */
  readonly claim: (worker: string, leaseMs: number) => Promise<readonly WatchedAccount[]>;
  readonly release: (worker: string) => Promise<void>;
  readonly rules: (accountId: number) => Promise<readonly MailRule[]>;
  readonly cursor: (accountId: number, path: string) => Promise<MailCursor | null>;
  /** The first look at a folder: what is there is no news. */
  readonly begin: (
    cursor: Omit<MailCursor, "checkedAt" | "rebaseUpTo" | "rebaseFrom">,
    known: readonly JudgedMail[],
  ) => Promise<void>;
  /** UIDVALIDITY has changed; nothing is forgotten of what was known. */
  readonly rebase: (
    cursor: MailCursor,
    to: { readonly uidValidity: number; readonly upTo: number; readonly from: Date },
  ) => Promise<void>;
  /** Which of these are known in the folder, however they were numbered, and when they came. */
  readonly known: (
    cursor: MailCursor,
    fingerprints: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly Date[]>>;
  /**
   * In one transaction: the mails, their alerts, and the cursor, which moves from `cursor.lastUid` to `lastUid`. False,
   * and nothing done, when it was moved by somebody else.
   */
  readonly record: (
    cursor: MailCursor,
    mails: readonly JudgedMail[],
    lastUid: number,
  ) => Promise<boolean>;
  /** Everything was looked at. */
  readonly checked: (accountId: number, path: string) => Promise<void>;
  /** Its owner is told, once a day. Gives how often in a row the login was refused. */
  readonly failed: (
    accountId: number,
    failure: { readonly problem: MailProblem; readonly retryAt: Date | null },
  ) => Promise<number>;
  readonly note: (accountId: number, event: Omit<MailEvent, "at">) => Promise<void>;
}

export interface AlertedMail extends MailFacts {
  readonly id: number;
  readonly accountId: number;
  readonly path: string;
  readonly uidValidity: number;
  readonly ruleName: string | null;
  readonly importance: Importance;
  readonly label: string | null;
  readonly prompt: string | null;
  readonly action: string;
}

/** An alert whose time has come, for the worker that took it. */
export interface DueMailAlert {
  readonly id: number;
  readonly dueAt: Date;
  readonly tries: number;
  readonly ageMs: number;
  readonly kind: MailAlertKind;
  readonly owner: UserId;
  readonly account: MailAccount;
  readonly pings: boolean;
  /** One for kind mail; for a digest at most MAX_DIGEST_LINES, newest first; none for a notice. */
  readonly mails: readonly AlertedMail[];
  /** Of a digest, all of them. */
  readonly count: number;
  /** Of a notice. */
  readonly problem: MailProblem | null;
}

export const MAX_DIGEST_LINES = 30;
/** Alerts of one account within FLOOD_WINDOW_MINUTES; what comes beyond goes into a digest. */
export const FLOOD_ALERTS = 20;
export const FLOOD_WINDOW_MINUTES = 10;

export interface MailAlertQueue {
  readonly take: (now: Date, limit: number) => Promise<readonly DueMailAlert[]>;
  readonly settle: (
    due: DueMailAlert,
    said: Extract<Announced, { readonly kind: "said" }>,
  ) => Promise<boolean>;
  readonly giveUp: (due: DueMailAlert) => Promise<void>;
  readonly release: (due: DueMailAlert, delayMs: number) => Promise<void>;
  readonly nextDue: () => Promise<Date | null>;
}

export interface ToldAlert {
  readonly id: number;
  readonly dueAt: Date;
  readonly toldAt: Date;
  readonly mail: AlertedMail;
}

/** What a person's accounts brought, for that person alone: every scope has to be private. */
export interface Mails {
  /** The mail behind an alert; null when it is not his, or gone. */
  readonly behind: (scope: Scope, alertId: number) => Promise<AlertedMail | null>;
  readonly one: (scope: Scope, mailId: number) => Promise<AlertedMail | null>;
  /** Newest first. */
  readonly recentAlerts: (scope: Scope, limit: number) => Promise<readonly ToldAlert[]>;
  /** Told once more at `until`. `dueAt`: which telling was snoozed; false when it was already. */
  readonly snooze: (scope: Scope, alertId: number, dueAt: Date, until: Date) => Promise<boolean>;
}

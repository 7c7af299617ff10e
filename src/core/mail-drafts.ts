import type { Scope } from "./principal.ts";

/** Drafts that one person may have open. */
export const MAX_MAIL_DRAFTS = 50;

/**
 *   open ---- its owner's click ----> sending ---- the server took it ----> sent
 *                                        \---- died, or no clear answer ----> uncertain: never sent again by itself
 *   sending ---- the server refused it ----> open
 */
export type DraftState = "open" | "sending" | "sent" | "uncertain";

export interface NewDraft {
  readonly accountId: number;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Message-ID of the mail that it answers. */
  readonly inReplyTo: string | null;
  /** Message-IDs of the thread, oldest first. */
  readonly references: readonly string[];
}

export interface MailDraft extends NewDraft {
  readonly id: number;
  readonly state: DraftState;
  /** Message-ID under which it goes out. */
  readonly messageId: string;
}

/** A person's own drafts, and nobody else's: every scope has to be private. Nothing is sent without `begin`. */
export interface MailDrafts {
  /** null when the account is not his, or there are too many. */
  readonly add: (scope: Scope, draft: NewDraft) => Promise<MailDraft | null>;
  readonly one: (scope: Scope, id: number) => Promise<MailDraft | null>;
  /** Those that are not sent, newest first. */
  readonly list: (scope: Scope) => Promise<readonly MailDraft[]>;
  /** Of an open one. */
  readonly edit: (
    scope: Scope,
    id: number,
    change: Pick<NewDraft, "to" | "subject" | "text">,
  ) => Promise<boolean>;
  readonly discard: (scope: Scope, id: number) => Promise<boolean>;
  /** From open to sending, once: whoever gets the draft sends it. null for everybody else. */
  readonly begin: (scope: Scope, id: number) => Promise<MailDraft | null>;
  readonly end: (scope: Scope, id: number, state: "sent" | "open" | "uncertain") => Promise<void>;
}

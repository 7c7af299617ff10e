import type { AtServer, MailLine, MailSearch } from "./mail-desk.ts";

/** Clara's own mailbox. Who may use it is for whoever calls this to know. */
export interface OwnMailbox {
  readonly address: string;
  /** Newest first. */
  readonly search: (
    search: MailSearch,
    limit: number,
    signal: AbortSignal,
  ) => Promise<AtServer<readonly MailLine[]>>;
  readonly send: (
    letter: { readonly to: string; readonly subject: string; readonly text: string },
    signal: AbortSignal,
  ) => Promise<AtServer<"sent" | "uncertain">>;
}

/** How far a mailbox of her own was read, and whom she answered when; kept as one note. */
export interface OwnMailboxState {
  readonly uidValidity: number;
  readonly lastUid: number;
  /** Newest last: address and time in milliseconds. */
  readonly answered: readonly (readonly [string, number])[];
}

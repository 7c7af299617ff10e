import type { JsonObject } from "./model.ts";

export const ENTRY_LEVELS = ["info", "warn", "error"] as const;
export type EntryLevel = (typeof ENTRY_LEVELS)[number];

/** One line of the log, as it was written there: without secrets, with ids and figures, never anybody's words. */
export interface LogEntry {
  readonly at: Date;
  readonly level: EntryLevel;
  /** Such as `turn-end` or `model-failed`. */
  readonly event: string;
  /** Where it was written; null for the house itself. */
  readonly room: string | null;
  readonly fields: JsonObject;
}

export interface LogQuery {
  /** In the event or the fields, upper and lower case alike; null for all. */
  readonly words: string | null;
  readonly room: string | null;
  readonly levels: readonly EntryLevel[];
  readonly withinHours: number | null;
  readonly limit: number;
}

/** The part of the log that is kept. It belongs to whoever runs her, and to nobody else. */
export interface LogEntries {
  readonly add: (entries: readonly LogEntry[]) => Promise<void>;
  /** Newest first. */
  readonly find: (query: LogQuery) => Promise<readonly LogEntry[]>;
  /** Removes what is older, and what is too much. */
  readonly tidy: (keptDays: number) => Promise<void>;
}

/** refused: the place will not take anything until somebody changes something there. What may pass is thrown. */
export type Mirrored =
  | { readonly kind: "posted" }
  | { readonly kind: "refused"; readonly code: number };

/** A channel that the operator reads. The same key is the same message. */
export interface LogChannel {
  readonly post: (key: string, text: string, signal: AbortSignal) => Promise<Mirrored>;
}

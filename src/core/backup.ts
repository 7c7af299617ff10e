/** Where copies lie: a folder, or a bucket. Names have `/` between their parts. */
export interface BackupShelf {
  /** Whole, or not there. */
  readonly put: (name: string, content: Uint8Array) => Promise<void>;
  /** null when there is nothing of that name. */
  readonly get: (name: string) => Promise<Uint8Array | null>;
  /** All that begin so, in the order of their letters. */
  readonly names: (prefix: string) => Promise<readonly string[]>;
  /** Resolves also when there was nothing. */
  readonly remove: (name: string) => Promise<void>;
}

/** One table as it is copied. */
export interface CopiedTable {
  /** With its schema, for example `public.messages`. */
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * All rows of the database at one moment. A row is a line: a JSON array of its columns as PostgreSQL writes them as text,
 * so that what comes back is the same to the last digit, in either size of database.
 */
export interface RowSource {
  /** Throws CopyBusy. */
  readonly read: (options: RowOptions, keep: KeepRows, signal: AbortSignal) => Promise<RowFacts>;
}

export interface RowOptions {
  /** What people and operators entered to be kept secret; it is sealed, and the key that opens it is never copied. */
  readonly withSecrets: boolean;
}

/** Another process makes a copy at this moment. */
export class CopyBusy extends Error {
  override readonly name = "CopyBusy";
}

/** `lines` of one table, a batch of them. */
export type KeepRows = (table: CopiedTable, lines: readonly string[]) => Promise<void>;

export interface RowFacts {
  /** Of the newest migration that the database had; milliseconds since 1970, and its identity. */
  readonly migration: number;
}

/** A database that has nothing in it yet. */
export interface RowTarget {
  /**
   * Takes all rows, or none, and brings them to this program's state. Throws words that say what to do when the database
   * is not empty, or the copy is of a newer program.
   */
  readonly load: (facts: RowFacts, tables: AsyncIterable<LoadedRows>) => Promise<number>;
}

export interface LoadedRows {
  readonly table: CopiedTable;
  readonly lines: readonly string[];
}

/** One copy, for a list. */
export interface BackupSummary {
  readonly id: string;
  readonly madeAt: Date;
  readonly why: "asked" | "scheduled" | "upgrade" | "move";
  readonly rows: number;
  readonly files: number;
  /** Of its own parts; files are shared with other copies. */
  readonly sizeBytes: number;
  readonly hasSecrets: boolean;
}

export interface BackupState {
  /** Where they lie, in words: "a folder of this machine". */
  readonly where: string;
  /** null: none are made by themselves. */
  readonly nextAt: Date | null;
  readonly keptDays: number;
  readonly isRunning: boolean;
  /** Of this process, since it was started; null before the first try. `problem`: null when all went well. */
  readonly lastTry: { readonly at: Date; readonly problem: string | null } | null;
}

/** Copies of everything, for whoever runs her. */
export interface Backups {
  /** Makes one, reads it back, and tidies away old ones. Throws words that say what went wrong. */
  readonly make: (why: BackupSummary["why"], signal: AbortSignal) => Promise<BackupSummary>;
  /** Newest first. */
  readonly list: (limit: number) => Promise<readonly BackupSummary[]>;
  readonly state: () => BackupState;
}

import type { Fence } from "./render-fence.ts";
import type { Row, TableHead } from "./render-table.ts";

/** Where an answer stands between two units: what a part leaves open, the next one takes up. */
export interface Carry {
  readonly fence: Fence | null;
  readonly table: TableHead | null;
  /** null at the start of a line. */
  readonly line: OpenLine | null;
}

export interface OpenLine {
  /** What each piece of the line has to begin with, such as "> "; "" for nothing. */
  readonly prefix: string;
  /** Marks of bold and the like that are open so far. */
  readonly spans: readonly string[];
}

export const AT_START: Carry = { fence: null, table: null, line: null };

/** The smallest pieces of an answer, which are not cut. */
export type Unit = {
  /** In the answer's own text. */
  readonly length: number;
  /** How good it is to cut behind it; see RANK. */
  readonly rank: number;
  readonly after: Carry;
} & (
  | { readonly kind: "text" | "fence-open" | "code" | "fence-close"; readonly shown: string }
  | { readonly kind: "table-head"; readonly head: TableHead }
  | { readonly kind: "row"; readonly row: Row }
);

export const RANK = {
  /** Within a word. */
  glued: 0,
  /** Within bold words, behind a heading, at either end of a block of code. */
  awkward: 1,
  space: 2,
  /** Also a line of code, a row, an item or a quote that goes on. */
  sentence: 3,
  /** An empty line of code. */
  stanza: 4,
  line: 5,
  paragraph: 6,
} as const;

/** Longer words and lines of code are cut into pieces, so that every unit fits into a message. */
export const MAX_UNIT = 600;
/** The size of such pieces: by so much a part may stay emptier than it had to. */
export const PIECE = 50;

/** The line that begins at `at`, with its end; "" behind the last one. */
export function lineAt(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(at, end === -1 ? undefined : end + 1);
}

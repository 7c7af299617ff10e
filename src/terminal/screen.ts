/** What a terminal tells of itself; on anything else these are missing. */
export type TerminalOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

const ROWS_WHEN_UNKNOWN = 24;

export interface Screen {
  /** Shows these rows in place of those that were drawn before. Each fits in the width, without a newline. */
  readonly draw: (rows: readonly string[]) => void;
  /** What was drawn stays for good. */
  readonly keep: () => void;
}

/** The last rows of the terminal, rewritten from the first that changed: of a growing answer that is the last one. */
export function createScreen(output: TerminalOutput): Screen {
  let drawn: readonly string[] = [];
  return {
    draw(rows) {
      const changed = firstChange(drawn, rows);
      const above = drawn.length - changed;
      // What has scrolled away cannot be reached: all of it is said again below.
      const isReachable = above < (output.rows ?? ROWS_WHEN_UNKNOWN);
      const fresh = (isReachable ? rows.slice(changed) : rows).map((row) => `${row}\n`).join("");
      const upAndClear = isReachable && above > 0 ? `\u001b[${above}A\u001b[J` : "";
      if (upAndClear + fresh !== "") output.write(upAndClear + fresh);
      drawn = rows;
    },
    keep() {
      drawn = [];
    },
  };
}

function firstChange(before: readonly string[], after: readonly string[]): number {
  const index = before.findIndex((row, at) => row !== after[at]);
  return index === -1 ? before.length : index;
}

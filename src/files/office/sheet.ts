import { plainName } from "../plain-name.ts";

/** Of one sheet at once; the rest is there for those who read on. */
const MAX_ROWS = 500;
const MAX_COLUMNS = 60;
const MAX_CELL_CHARS = 500;
const MAX_MERGED_NAMED = 20;

export interface SheetNotes {
  /** null: the file has no sheets, only rows. */
  readonly title: string | null;
  readonly isHidden: boolean;
}

export interface Sheet {
  /** Rows come in their order, numbered from 1. Values beyond the limit of columns may be left out. */
  readonly row: (number: number, cells: readonly string[], columns: number) => void;
  /** A range of cells that are one: "A1:C1". */
  readonly merged: (range: string) => void;
  readonly toText: () => string;
}

export interface Window {
  /** Rows before the first that is shown. */
  readonly skip: number;
  readonly maxChars: number;
}

/** The rows of one sheet as lines with their numbers, and words on what is left out. Rows without values are no lines. */
export function createSheet({ title, isHidden }: SheetNotes, { skip, maxChars }: Window): Sheet {
  const lines: string[] = [];
  const merged: string[] = [];
  let mergedCount = 0;
  let headings: { readonly number: number; readonly line: string } | null = null;
  let chars = 0;
  let isFull = false;
  let lastShown = 0;
  let lastRow = 0;
  let columnCount = 0;

  return {
    row(number, cells, columns) {
      const line = toLine(cells);
      if (line === "") return;
      lastRow = number;
      columnCount = Math.max(columnCount, columns);
      headings ??= { number, line };
      if (number <= skip || isFull) return;
      if (lines.length >= MAX_ROWS || chars + line.length > maxChars) {
        isFull = true;
        return;
      }
      lines.push(`${number} | ${line}`);
      chars += line.length;
      lastShown = number;
    },
    merged(range) {
      mergedCount++;
      if (merged.length < MAX_MERGED_NAMED) merged.push(range);
    },
    toText() {
      const shownColumns = Math.min(columnCount, MAX_COLUMNS);
      const notes = [
        title === null ? "" : plainName(title),
        isHidden ? "hidden in the program" : "",
        rowsShown(skip, lines.length, lastShown, lastRow),
        shownColumns < columnCount
          ? `columns A-${columnName(shownColumns)} of ${withCommas(columnCount)}`
          : "",
        merged.length > 0
          ? `merged: ${merged.join(" ")}${mergedCount > merged.length ? ` and ${mergedCount - merged.length} more` : ""}`
          : "",
      ].filter((note) => note !== "");
      const isWithHeadings = headings !== null && lines.length > 0 && headings.number <= skip;
      return [
        `[${notes.join("; ")}]`,
        ...(isWithHeadings ? [`${headings?.number} | ${headings?.line}`, "..."] : []),
        ...lines,
      ].join("\n");
    },
  };
}

function rowsShown(skip: number, count: number, lastShown: number, lastRow: number): string {
  if (lastRow === 0) return "empty";
  if (count === 0) return `no rows after ${withCommas(skip)}: there are ${withCommas(lastRow)}`;
  return `rows ${withCommas(skip + 1)}-${withCommas(lastShown)} of ${withCommas(lastRow)}`;
}

/** No cell can pretend to be two, or to be a line of its own. */
function toLine(cells: readonly string[]): string {
  const plain = cells.slice(0, MAX_COLUMNS).map((cell) => {
    const one = cell.trim().replace(/\s*[\r\n]+\s*/g, " / ");
    const cut = one.length > MAX_CELL_CHARS ? `${one.slice(0, MAX_CELL_CHARS)}…` : one;
    return cut.replaceAll("|", String.raw`\|`);
  });
  const last = plain.findLastIndex((cell) => cell !== "");
  return plain.slice(0, last + 1).join(" | ");
}

/** "A1:C2" of [1, 1] and [3, 2]: column and row from 1. */
export const rangeName = (
  from: readonly [column: number, row: number],
  to: readonly [column: number, row: number],
): string => `${columnName(from[0])}${from[1]}:${columnName(to[0])}${to[1]}`;

/** 1 is A, 27 is AA. */
function columnName(number: number): string {
  const rest = (number - 1) % 26;
  const before = Math.floor((number - 1) / 26);
  return (before > 0 ? columnName(before) : "") + String.fromCharCode(65 + rest);
}

const withCommas = (count: number): string => count.toLocaleString("en-US");

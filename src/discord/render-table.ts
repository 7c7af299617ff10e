import { widthOf } from "./render-characters.ts";
import { inlineToDiscord } from "./render-inline.ts";

/** Columns of a code block that do not wrap on a small window; wider tables become a list. */
const MAX_WIDTH = 72;
const MAX_COLUMNS = 20;
/** Longer lines belong to no table, so that each row fits into a message together with its headers. */
const MAX_HEAD = 400;
const MAX_ROW = 600;
const GAP = " │ ";
const DELIMITER = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\n?$/;

/** The headers of a table, and which columns stand to the right. */
export interface TableHead {
  readonly cells: readonly string[];
  readonly right: readonly boolean[];
}

export type Row = readonly string[];

/** The head that these two lines make; null when they are no table. */
export function tableHead(line: string, delimiter: string): TableHead | null {
  if (!line.includes("|") || line.length > MAX_HEAD || delimiter.length > MAX_HEAD) return null;
  if (!DELIMITER.test(delimiter)) return null;
  const cells = cellsOf(line);
  const marks = cellsOf(delimiter);
  if (cells.length !== marks.length || cells.length > MAX_COLUMNS) return null;
  return { cells, right: marks.map((mark) => !mark.startsWith(":") && mark.endsWith(":")) };
}

export const isRow = (line: string): boolean => line.includes("|") && line.length <= MAX_ROW;

/** By "|", save those that are escaped; in code, too, as GitHub has it. */
export const cellsOf = (line: string): Row =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

/** An aligned block of code, or a list when that would be too wide or hold links, which do not work in code. */
export function showTable({ cells, right }: TableHead, rows: readonly Row[]): string {
  const all = [cells, ...rows.map((row) => fitted(row, cells.length))];
  const lines = all.map((row) => row.map(plain));
  const widths = cells.map((_, column) =>
    Math.max(...lines.map((line) => widthOf(line[column] ?? ""))),
  );
  const total = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  if (total > MAX_WIDTH || all.flat().some((cell) => /\]\(|https?:\/\//.test(cell)))
    return showList(all);

  const [head = "", ...body] = lines.map((line) =>
    line
      .map((cell, column) => padded(cell, widths[column] ?? 0, right[column] ?? false))
      .join(GAP)
      .trimEnd(),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("─┼─");
  return ["```", head, rule, ...body, "```\n"].join("\n");
}

/** As many cells as there are columns; what is too much stays in the last one. */
const fitted = (row: Row, columns: number): Row => [
  ...Array.from({ length: columns - 1 }, (_, column) => row[column] ?? ""),
  row.slice(columns - 1).join(" | "),
];

/** A cell without the marks that a block of code would show as they are. */
const plain = (cell: string): string =>
  inlineToDiscord(cell)
    .replace(/`|\*\*|~~/g, "")
    .replace(/\s+/g, " ")
    .trim();

function padded(cell: string, width: number, toTheRight: boolean): string {
  const space = " ".repeat(width - widthOf(cell));
  return toTheRight ? space + cell : cell + space;
}

/** One item for each row, its first cell on top: "- **Name:** Ana", and below it "  - **Age:** 3". */
function showList([headers = [], ...rows]: readonly Row[]): string {
  if (rows.length === 0) return `**${headers.map(plain).join(" · ")}**\n`;
  return rows
    .flatMap((row) =>
      row
        .map((cell, column) => ({ header: plain(headers[column] ?? ""), cell }))
        .filter(({ cell }) => cell !== "")
        .map(({ header, cell }, index) => {
          const value = inlineToDiscord(cell).replace(/\s+/g, " ");
          return `${index === 0 ? "" : "  "}- ${header === "" ? "" : `**${header}:** `}${value}\n`;
        }),
    )
    .join("");
}

import { blanksOf, contentOf, UNREAD } from "./open-document.ts";
import { rangeName, type Sheet, type Window } from "./sheet.ts";
import { createSheets } from "./sheets.ts";
import { readXml, type Attributes } from "./xml.ts";

/** Kept of a row: far more than is shown. */
const KEPT_COLUMNS = 100;
/** Rows that are the same are stored once, with how often: more than could be shown are not told one by one. */
const MAX_REPEATED = 1_000;
const MAX_TIMES = 2 ** 21;

/** The sheets of an OpenDocument spreadsheet: values as they are shown, dates as they are. */
export function readOds(bytes: Uint8Array, window: Window): string {
  const content = contentOf(bytes);
  const { hidden, total } = lookThrough(content);
  const sheets = createSheets(window);
  const rows = createRows();
  let sheet: Sheet | null = null;
  let count = 0;
  let unread = 0;
  readXml(content, {
    open(name, attributes) {
      if (UNREAD.has(name)) unread++;
      if (unread > 0) return;
      if (name === "table") {
        count++;
        const title = `sheet ${count} of ${total}: ${attributes["name"] ?? ""}`;
        sheet = sheets.open({ title, isHidden: hidden.has(attributes["style-name"] ?? "") });
        rows.begin();
      }
      if (name === "table-row") rows.openRow(attributes);
      if (isCell(name)) rows.openCell(attributes, sheet);
      rows.add(name === "p" ? "\n" : blanksOf(name, attributes));
    },
    text(text) {
      if (unread === 0) rows.add(text);
    },
    close(name) {
      if (UNREAD.has(name)) unread--;
      if (unread > 0) return;
      if (isCell(name)) rows.closeCell();
      if (name === "table-row") rows.closeRow(sheet);
      if (name === "table" && sheet) sheets.close(sheet);
    },
  });
  return sheets.toText();
}

const isCell = (name: string): boolean => name === "table-cell" || name === "covered-table-cell";

/** Which styles hide a sheet, and how many sheets there are. */
function lookThrough(content: Uint8Array) {
  const hidden = new Set<string>();
  let total = 0;
  let style = "";
  readXml(content, {
    open(element, { name = "", display }) {
      if (element === "style") style = name;
      if (element === "table-properties" && display === "false") hidden.add(style);
      if (element === "table") total++;
    },
  });
  return { hidden, total };
}

/** Gathers the cells of a row, and tells a sheet of it as often as it is there. */
function createRows() {
  let row = { number: 1, repeated: 1 };
  let cells: string[] = [];
  /** Columns so far, and those up to the last value. */
  let at = 0;
  let columns = 0;
  let cell: { readonly repeated: number; readonly value: string | null } | null = null;
  let words = "";
  return {
    begin() {
      row = { number: 1, repeated: 0 };
    },
    openRow(attributes: Attributes) {
      const number = row.number + row.repeated;
      row = { number, repeated: times(attributes["number-rows-repeated"]) };
      cells = [];
      at = 0;
      columns = 0;
    },
    openCell(attributes: Attributes, sheet: Sheet | null) {
      const repeated = times(attributes["number-columns-repeated"]);
      cell = { repeated, value: dateOf(attributes) };
      words = "";
      const wide = times(attributes["number-columns-spanned"]);
      const high = times(attributes["number-rows-spanned"]);
      if (wide * high > 1)
        sheet?.merged(rangeName([at + 1, row.number], [at + wide, row.number + high - 1]));
    },
    add(text: string) {
      if (cell !== null) words += text;
    },
    closeCell() {
      if (cell === null) return;
      const value = cell.value ?? words.trim();
      const end = at + cell.repeated;
      for (let column = at; column < Math.min(end, KEPT_COLUMNS); column++) cells[column] = value;
      if (value !== "") columns = end;
      at = end;
      cell = null;
    },
    closeRow(sheet: Sheet | null) {
      if (columns === 0) return;
      for (let index = 0; index < Math.min(row.repeated, MAX_REPEATED); index++)
        sheet?.row(row.number + index, cells, columns);
    },
  };
}

/** As it is stored, since the shown form differs by language; null for everything but dates. */
const dateOf = (attributes: Attributes): string | null =>
  attributes["date-value"]?.replace(/T00:00:00(\.0+)?Z?$/, "").replace("T", " ") ?? null;

const times = (given = "1"): number =>
  Math.min(Math.max(Math.floor(Number(given)) || 1, 1), MAX_TIMES);

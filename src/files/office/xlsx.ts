import { numberKind, showNumber, type NumberKind } from "./cells.ts";
import { refuse } from "./refuse.ts";
import type { Window } from "./sheet.ts";
import { createSheets, type Sheets } from "./sheets.ts";
import { readXml } from "./xml.ts";
import { openZip, type Zip } from "./zip.ts";

/** As far to the right as the format goes; what names a column beyond is no workbook. */
const MAX_COLUMN = 16_384;
/** Kept of a row: far more than is shown. */
const KEPT_COLUMNS = 100;

interface Book {
  readonly strings: readonly string[];
  /** By the number of a cell's style. */
  readonly kinds: readonly NumberKind[];
  readonly is1904: boolean;
}

/** A workbook: every sheet with its name, values as they are shown, formulas as what they came to. */
export function readXlsx(bytes: Uint8Array, window: Window): string {
  const zip = openZip(bytes);
  const { sheets: named, is1904 } = readWorkbook(zip);
  const book = { strings: readStrings(zip), kinds: readStyles(zip), is1904 };
  const sheets = createSheets(window);
  for (const [index, { name, state, path }] of named.entries()) {
    const title = `sheet ${index + 1} of ${named.length}: ${name}`;
    const isHidden = state === "hidden" || state === "veryHidden";
    const part = path === null ? null : zip.read(path);
    if (part) readSheet(part, book, sheets, { title, isHidden });
  }
  return sheets.toText();
}

interface NamedSheet {
  readonly name: string;
  readonly state: string | null;
  /** null: a chart, or something else without cells. */
  readonly path: string | null;
}

function readWorkbook(zip: Zip) {
  const workbook = zip.read("xl/workbook.xml") ?? refuse("it holds no workbook");
  const targets = new Map<string, string>();
  readXml(zip.read("xl/_rels/workbook.xml.rels") ?? new Uint8Array(), {
    open(name, { Id: id, Target: target, Type: type = "" }) {
      if (name !== "Relationship" || id === undefined || target === undefined) return;
      if (type.endsWith("/worksheet"))
        targets.set(id, target.startsWith("/") ? target.slice(1) : `xl/${target}`);
    },
  });
  const sheets: NamedSheet[] = [];
  let is1904 = false;
  readXml(workbook, {
    open(element, attributes) {
      if (element === "workbookPr") is1904 = /^(1|true)$/.test(attributes["date1904"] ?? "");
      if (element !== "sheet") return;
      const { name = "", state = null, id = "" } = attributes;
      sheets.push({ name, state, path: targets.get(id) ?? null });
    },
  });
  return { sheets, is1904 };
}

/** Words that cells share. How they are pronounced is no part of them. */
function readStrings(zip: Zip): readonly string[] {
  const strings: string[] = [];
  let current = "";
  let isText = false;
  let isSpoken = false;
  readXml(zip.read("xl/sharedStrings.xml") ?? new Uint8Array(), {
    open(name) {
      if (name === "si") current = "";
      if (name === "rPh") isSpoken = true;
      if (name === "t") isText = !isSpoken;
    },
    text(words) {
      if (isText) current += words;
    },
    close(name) {
      if (name === "t") isText = false;
      if (name === "rPh") isSpoken = false;
      if (name === "si") strings.push(current);
    },
  });
  return strings;
}

function readStyles(zip: Zip): readonly NumberKind[] {
  const codes = new Map<number, string>();
  const kinds: NumberKind[] = [];
  let isInCells = false;
  readXml(zip.read("xl/styles.xml") ?? new Uint8Array(), {
    open(name, { numFmtId = "", formatCode = "" }) {
      if (name === "numFmt") codes.set(Number(numFmtId), formatCode);
      if (name === "cellXfs") isInCells = true;
      if (name === "xf" && isInCells)
        kinds.push(numberKind(Number(numFmtId), codes.get(Number(numFmtId)) ?? null));
    },
    close(name) {
      if (name === "cellXfs") isInCells = false;
    },
  });
  return kinds;
}

function readSheet(
  part: Uint8Array,
  book: Book,
  sheets: Sheets,
  notes: { readonly title: string; readonly isHidden: boolean },
): void {
  const sheet = sheets.open(notes);
  if (sheet === null) return;
  let row = { number: 0, cells: [] as string[], columns: 0 };
  let cell = { column: 0, type: "", style: 0, value: "", formula: "" };
  let inside: "value" | "formula" | null = null;
  readXml(part, {
    open(name, { r: at = "", t: type = "n", s: style = "0", ref = "" }) {
      if (name === "row") row = { number: Number(at) || row.number + 1, cells: [], columns: 0 };
      if (name === "c") {
        const column = columnOf(at) ?? cell.column + 1;
        if (column > MAX_COLUMN) refuse("it has a cell beyond the last column there can be");
        cell = { column, type, style: Number(style), value: "", formula: "" };
      }
      if (name === "v" || name === "t") inside = "value";
      if (name === "f") inside = "formula";
      if (name === "mergeCell") sheet.merged(ref);
    },
    text(words) {
      if (inside !== null) cell[inside] += words;
    },
    close(name) {
      if (name === "v" || name === "t" || name === "f") inside = null;
      const shown = name === "c" ? show(cell, book) : "";
      if (shown !== "") {
        row.columns = Math.max(row.columns, cell.column);
        if (cell.column <= KEPT_COLUMNS) row.cells[cell.column - 1] = shown;
      }
      if (name !== "row") return;
      sheet.row(
        row.number,
        Array.from(row.cells, (each) => each ?? ""),
        row.columns,
      );
      cell = { ...cell, column: 0 };
    },
  });
  sheets.close(sheet);
}

/** What a cell shows, by its type: ECMA-376, part 1, 18.18.11. */
function show(
  cell: {
    readonly type: string;
    readonly style: number;
    readonly value: string;
    readonly formula: string;
  },
  { strings, kinds, is1904 }: Book,
): string {
  // Written by a program that computes nothing: what it would come to is known to nobody yet.
  if (cell.value === "") return cell.formula === "" ? "" : `=${cell.formula}`;
  switch (cell.type) {
    case "s":
      return strings[Number(cell.value)] ?? "";
    case "b":
      return cell.value === "1" ? "TRUE" : "FALSE";
    case "n":
      return showNumber(cell.value, kinds[cell.style] ?? "plain", is1904);
    default:
      return cell.value;
  }
}

/** "BC12" is 55; null when there is no letter. */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,4}/.exec(reference)?.[0];
  if (letters === undefined) return null;
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

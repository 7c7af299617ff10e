import { Hono } from "hono";
import { bodyOf, part, refuse } from "./answers.ts";
import { addFile, type EmulatedFile, type GoogleState } from "./state.ts";

const SHEET = "application/vnd.google-apps.spreadsheet";
const DOCUMENT = "application/vnd.google-apps.document";

/** `A1:B2`, `Sheet1!A1:B2` or `B3`, from 0. */
function readRange(text: string) {
  const [, column = "", row = "", lastColumn = "", lastRow = ""] =
    /^(?:[^!]+!)?([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$/.exec(text) ??
    refuse(400, "badRequest", `Unable to parse range: ${text}`);
  const number = (letters: string) =>
    letters.split("").reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  const first = { column: number(column), row: Number(row) - 1 };
  const last = lastRow === "" ? first : { column: number(lastColumn), row: Number(lastRow) - 1 };
  return { first, last };
}

/** https://developers.google.com/workspace/sheets/api/reference/rest and .../docs/api/reference/rest */
export function sheetAndDocRoutes(state: GoogleState): Hono {
  const find = (id: string, mimeType: string): EmulatedFile => {
    const file = state.files.get(id);
    return file?.mimeType === mimeType
      ? file
      : refuse(404, "notFound", "Requested entity was not found.");
  };
  function put({ cells }: EmulatedFile, rows: unknown[][], row: number, column: number): void {
    rows.forEach((values, index) => {
      const line = (cells[row + index] ??= []);
      values.forEach((value, offset) => (line[column + offset] = value));
    });
  }

  return new Hono()
    .post("/v4/spreadsheets", async (c) => {
      const { properties } = (await bodyOf(c)) as { properties: { title: string } };
      const { id } = addFile(state, { name: properties.title, mimeType: SHEET, isOurs: true });
      const spreadsheetUrl = `https://docs.google.com/spreadsheets/d/${id}/edit`;
      return c.json({ spreadsheetId: id, properties, spreadsheetUrl });
    })
    .get("/v4/spreadsheets/:id/values/:range", (c) => {
      const { cells } = find(part(c, "id"), SHEET);
      const { first, last } = readRange(part(c, "range"));
      const values = cells
        .slice(first.row, last.row + 1)
        .map((row) => Array.from(row, (value) => value ?? "").slice(first.column, last.column + 1));
      const range = `Sheet1!${part(c, "range")}`;
      return c.json({ range, majorDimension: "ROWS", ...(values.length > 0 ? { values } : {}) });
    })
    .put("/v4/spreadsheets/:id/values/:range", async (c) => {
      const { values } = (await bodyOf(c)) as { values: unknown[][] };
      const { first } = readRange(part(c, "range"));
      put(find(part(c, "id"), SHEET), values, first.row, first.column);
      const updatedRange = `Sheet1!${part(c, "range")}`;
      return c.json({ updatedRange, updatedCells: values.flat().length });
    })
    .post("/v4/spreadsheets/:id/values/:append", async (c) => {
      const range = part(c, "append").replace(/:append$/, "");
      const file = find(part(c, "id"), SHEET);
      const { values } = (await bodyOf(c)) as { values: unknown[][] };
      const row = file.cells.length;
      put(file, values, row, readRange(range).first.column);
      return c.json({ updates: { updatedRange: `Sheet1!A${row + 1}` } });
    })
    .post("/v1/documents", async (c) => {
      const { title } = (await bodyOf(c)) as { title: string };
      const { id } = addFile(state, { name: title, mimeType: DOCUMENT, isOurs: true });
      return c.json({ documentId: id, title });
    })
    .get("/v1/documents/:id", (c) => {
      const file = find(part(c, "id"), DOCUMENT);
      const content = file.content.split(/(?<=\n)/).map((line) => ({
        paragraph: {
          elements: [{ textRun: { content: line.replace(/^# /, "") } }],
          paragraphStyle: { namedStyleType: line.startsWith("# ") ? "HEADING_1" : "NORMAL_TEXT" },
        },
      }));
      const cell = (text: string) => ({
        content: [{ paragraph: { elements: [{ textRun: { content: `${text}\n` } }] } }],
      });
      const table = { tableRows: [{ tableCells: ["left", "right"].map(cell) }] };
      const body = { content: [{ sectionBreak: {} }, ...content, { table }] };
      return c.json({ documentId: file.id, title: file.name, body });
    })
    .post("/v1/documents/:update", async (c) => {
      const file = find(part(c, "update").replace(/:batchUpdate$/, ""), DOCUMENT);
      const { requests } = (await bodyOf(c)) as {
        requests: { insertText: { text: string; endOfSegmentLocation: object } }[];
      };
      for (const { insertText } of requests) file.content += insertText.text;
      return c.json({ documentId: file.id, replies: requests.map(() => ({})) });
    });
}

import { z } from "zod";
import type { Tool } from "../../core/tool.ts";
import { answerOf, toList } from "./apis.ts";
import { defineGoogleTool, id, maxResults, pageToken, title, type GoogleDeps } from "./define.ts";
import { listFiles } from "./drive.ts";
import { lineOf, SPREADSHEET } from "./drive-words.ts";
import { GoogleProblem } from "./problem.ts";

const MAX_ROWS = 1_000;
const MAX_COLUMNS = 200;

const spreadsheet = id("The spreadsheet's id, as google_sheets_list gives it");
const range = z.string().trim().min(1).max(300).describe("Such as A1:D20 or Sales!A1:D20");
const cell = z.union([z.string().max(50_000), z.number(), z.boolean(), z.null()]);
const values = z
  .array(z.array(cell).max(MAX_COLUMNS))
  .min(1)
  .max(MAX_ROWS)
  .describe("Rows of cells; a text that begins with = is a formula");

/** Formulas that fetch an address by themselves could carry away what stands in other cells. */
const FETCHES = /^\s*[=+\-@].*\b(?:IMPORT\w+|IMAGE|HYPERLINK)\s*\(/is;

function refuseFetching(rows: z.infer<typeof values>): void {
  const found = rows.flat().some((each) => typeof each === "string" && FETCHES.test(each));
  if (found)
    throw new GoogleProblem(
      "Formulas that fetch or link addresses (IMPORT…, IMAGE, HYPERLINK) are not written: they could carry data away. Nothing was changed; leave them out.",
    );
}

/** As people type: "1.5" is a number, "=A1+1" a formula. */
const valueInputOption = "USER_ENTERED";
const sizeOf = (rows: readonly (readonly unknown[])[]): string =>
  `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;

/** The person's spreadsheets. */
export const sheetTools = (deps: GoogleDeps): readonly Tool[] => [
  defineGoogleTool(deps, {
    name: "google_sheets_create",
    description: "Make an empty spreadsheet in the person's Google Drive.",
    label: "Making a spreadsheet",
    effect: "outside",
    needs: "sheets",
    input: z.object({ title: title("Its name").default("Untitled spreadsheet") }),
    explain: ({ title: name }) => ({
      what: "Make a new spreadsheet in your Google Drive",
      target: name,
      reversible: true,
    }),
    async run({ title: name }, apis) {
      const api = await apis.sheets();
      const made = await answerOf(
        api.spreadsheets.create({ requestBody: { properties: { title: name } } }),
      );
      const url = made.spreadsheetUrl;
      return { text: `Made: ${name} | id ${made.spreadsheetId}\n${url ?? ""}`, links: [url] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_sheets_read",
    description: "Read cells of a spreadsheet, a row a line, with tabs between cells.",
    label: "Reading a spreadsheet",
    effect: "read",
    needs: "sheets",
    input: z.object({ spreadsheet_id: spreadsheet, range: range.default("A1:Z1000") }),
    async run({ spreadsheet_id: spreadsheetId, range: wanted }, apis) {
      const api = await apis.sheets();
      const read = await answerOf(api.spreadsheets.values.get({ spreadsheetId, range: wanted }));
      const rows: readonly (readonly unknown[])[] = read.values ?? [];
      if (rows.length === 0) return { text: `${read.range ?? wanted} is empty.` };
      const lines = rows.map((row) => row.map(toCell).join("\t"));
      return { text: [`${read.range ?? wanted}, ${sizeOf(rows)}:`, ...lines].join("\n") };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_sheets_write",
    description: "Write cells of a spreadsheet; what stood there is replaced.",
    label: "Writing into a spreadsheet",
    effect: "outside",
    needs: "sheets",
    input: z.object({ spreadsheet_id: spreadsheet, range, values }),
    explain: (input) => ({
      what: `Write ${sizeOf(input.values)} into a spreadsheet of yours, over what stands there`,
      target: `${input.range} of ${input.spreadsheet_id}`,
      reversible: false,
    }),
    async run({ spreadsheet_id: spreadsheetId, range: where, values: rows }, apis) {
      refuseFetching(rows);
      const api = await apis.sheets();
      const requestBody = { values: rows };
      const done = await answerOf(
        api.spreadsheets.values.update({
          spreadsheetId,
          range: where,
          valueInputOption,
          requestBody,
        }),
      );
      return { text: `Written: ${done.updatedCells ?? 0} cells in ${done.updatedRange ?? where}.` };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_sheets_append",
    description: "Add rows below the table that stands in a range of a spreadsheet.",
    label: "Adding rows to a spreadsheet",
    effect: "outside",
    needs: "sheets",
    input: z.object({ spreadsheet_id: spreadsheet, range, values }),
    explain: (input) => ({
      what: `Add ${sizeOf(input.values)} to a spreadsheet of yours`,
      target: `${input.range} of ${input.spreadsheet_id}`,
      reversible: true,
    }),
    async run({ spreadsheet_id: spreadsheetId, range: where, values: rows }, apis) {
      refuseFetching(rows);
      const api = await apis.sheets();
      const { updates } = await answerOf(
        api.spreadsheets.values.append({
          spreadsheetId,
          range: where,
          valueInputOption,
          insertDataOption: "INSERT_ROWS",
          requestBody: { values: rows },
        }),
      );
      return { text: `Added: ${sizeOf(rows)} at ${updates?.updatedRange ?? where}.` };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_sheets_list",
    description: "List the person's spreadsheets, the newest first.",
    label: "Looking at your spreadsheets",
    effect: "read",
    needs: "drive",
    input: z.object({ max_results: maxResults.default(20), page_token: pageToken }),
    async run({ max_results: max, page_token = null }, apis) {
      const api = await apis.drive();
      const q = `mimeType = '${SPREADSHEET}' and trashed = false`;
      const page = await listFiles(api, q, { max, from: page_token });
      return {
        text: toList(page, lineOf, "There are no spreadsheets."),
        links: page.items.map(({ webViewLink }) => webViewLink),
      };
    },
  }),
];

/** Google gives text, numbers and booleans. */
const toCell = (value: unknown): string =>
  ["string", "number", "boolean"].includes(typeof value)
    ? `${value as string | number | boolean}`.replace(/[\t\r\n]+/g, " ")
    : "";

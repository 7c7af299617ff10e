import Papa from "papaparse";
import { refuse } from "./refuse.ts";
import type { Window } from "./sheet.ts";
import { createSheets } from "./sheets.ts";

/** Rows of a table in text form, whatever stands between its values. `text` is whole. */
export function readCsv(text: string, window: Window): string {
  const sheets = createSheets(window);
  const sheet = sheets.open({ title: null, isHidden: false }) ?? refuse("it holds no rows");
  let number = 0;
  Papa.parse<string[]>(text, {
    // Row by row: a table of a million rows is never there as a whole.
    step({ data }) {
      number++;
      sheet.row(number, data, data.length);
    },
  });
  sheets.close(sheet);
  return sheets.toText();
}

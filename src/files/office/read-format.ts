import { decodeText } from "../decode-text.ts";
import { refuse } from "./refuse.ts";
import type { Window } from "./sheet.ts";

export type OfficeFormat = "docx" | "xlsx" | "odt" | "ods" | "csv" | "zip";

export interface OfficeJob extends Window {
  readonly format: OfficeFormat;
  readonly bytes: Uint8Array;
}

/** The words of a document. Throws RefusedError where people can be told why there are none. Only what is needed is loaded. */
export async function readFormat({ format, bytes, ...window }: OfficeJob): Promise<string> {
  switch (format) {
    case "docx":
      return (await import("./docx.ts")).readDocx(bytes);
    case "odt":
      return (await import("./odt.ts")).readOdt(bytes);
    case "xlsx":
      return (await import("./xlsx.ts")).readXlsx(bytes, window);
    case "ods":
      return (await import("./ods.ts")).readOds(bytes, window);
    case "csv": {
      const text = decodeText(bytes) ?? refuse("it holds no text");
      return (await import("./csv.ts")).readCsv(text, window);
    }
    case "zip":
      return (await import("./archive.ts")).readArchive(bytes, window.maxChars);
  }
}

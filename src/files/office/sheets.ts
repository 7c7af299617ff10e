import { createSheet, type Sheet, type SheetNotes, type Window } from "./sheet.ts";

const MAX_SHEETS = 20;
/** What is left for a sheet at the least: its title and its headings. */
const MIN_CHARS = 500;

/** Sheets one after the other in one room of characters: earlier ones have what they need. */
export function createSheets({ skip, maxChars }: Window) {
  const texts: string[] = [];
  let left = maxChars;
  let leftOut = 0;
  return {
    /** null when there are too many: then it is only counted. */
    open(notes: SheetNotes): Sheet | null {
      if (texts.length >= MAX_SHEETS) {
        leftOut++;
        return null;
      }
      return createSheet(notes, { skip, maxChars: Math.max(left, MIN_CHARS) });
    },
    close(sheet: Sheet): void {
      const text = sheet.toText();
      texts.push(text);
      left -= text.length;
    },
    toText: (): string =>
      [...texts, ...(leftOut > 0 ? [`[${leftOut} more sheets left out]`] : [])].join("\n\n"),
  };
}

export type Sheets = ReturnType<typeof createSheets>;

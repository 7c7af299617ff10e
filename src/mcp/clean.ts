import { withoutHidden } from "../agent/data-marks.ts";

/** What terminals obey: colours, titles, moves of the cursor. https://ecma-international.org/publications-and-standards/standards/ecma-48/ */
const TERMINAL =
  // oxlint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[PX^_][^\u001b]*(?:\u001b\\)?|\u001b[ -/]*[0-~]?/g;
/** Controls but tab and newline. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Words of a server as they may be shown: nothing that cannot be seen, reorders letters, or that a terminal would obey. */
export const clean = (text: string): string =>
  withoutHidden(
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029]/g, "\n")
      .replace(TERMINAL, "")
      .replace(CONTROLS, ""),
  );

/** The same as one line of at most `maxChars` characters. */
export function cleanLine(text: string, maxChars: number): string {
  const line = clean(text.slice(0, maxChars * 4))
    .replace(/\s+/g, " ")
    .trim();
  return shorten(line, maxChars);
}

/** At most `maxChars` characters, with an ellipsis where something is missing. */
export const shorten = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : `${text.slice(0, maxChars - 1).toWellFormed()}…`;

/** What a terminal would obey or reorder by: controls but tab and newline, bidi marks and overrides, tag characters. */
const OBEYED =
  // oxlint-disable-next-line no-control-regex -- These are the ones that are meant.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/**
 * Text that only ever shows as text: an escape sequence in it loses its escape and stands there to be read. What a
 * model says must not set the window's title, fill the clipboard or hide a line.
 */
export const harmless = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/\t/g, "    ")
    .replace(OBEYED, "\u{fffd}");

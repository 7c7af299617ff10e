/**
 * JSON for a column. PostgreSQL refuses NUL and halves of surrogate pairs, which people and models do write; they
 * become U+FFFD.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /(\\\\)|\\u0000|\\ud[89a-f][0-9a-f]{2}/g,
    (_, backslashes?: string) => backslashes ?? "\ufffd",
  );
}

/** The same for a text column. */
export const toText = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

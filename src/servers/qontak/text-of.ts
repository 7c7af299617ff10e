/** A plain value as text; nothing is the empty text, and anything else is JSON. */
export const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : value === null || value === undefined
      ? ""
      : JSON.stringify(value);

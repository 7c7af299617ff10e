import { toText, toUnits } from "./decimal.ts";
import { textAt, type XmlNode } from "./soap/xml-node.ts";

/** Reading of Y2's elements: what is empty or not there is null. */
export const flagAt = (node: XmlNode | null, ...path: readonly string[]): boolean | null => {
  const text = textAt(node, ...path);
  return text === null ? null : text === "true" || text === "1";
};

/** "199.000000" as "199.00". Throws SCHEMA_MISMATCH for what is no number. */
export function amountAt(node: XmlNode | null, ...path: readonly string[]): string | null {
  const text = textAt(node, ...path);
  return text === null ? null : toText(toUnits(text));
}

/** The number of a total: zero when it is not there. */
export const sumAt = (node: XmlNode | null, ...path: readonly string[]): string =>
  amountAt(node, ...path) ?? "0.00";

/** Dates of the year 1 are Y2's "never". */
export function timeAt(node: XmlNode | null, ...path: readonly string[]): string | null {
  const text = textAt(node, ...path);
  return text === null || text.startsWith("0001-01-01") ? null : text;
}

import { inOrder, isThere, type Value } from "../soap/value.ts";
import type { XmlNode } from "../soap/xml-node.ts";

/** A value as it would be read again. */
export function toNode(name: string, value: Value): XmlNode {
  if (typeof value !== "object" || value === null)
    return { name, text: String(value ?? ""), children: [] };
  const children =
    value.kind === "fields"
      ? inOrder(value).map(([field, inner]) => toNode(field, inner))
      : value.values.filter(isThere).map((inner) => toNode(value.each, inner));
  return { name, text: "", children };
}

import type { Row } from "./api/wire.ts";
import { momentOf } from "./dates.ts";

/**
 * Qontak answers 200 also where it ignored a field. Named is what still is as it was and is not as it was sent; a field
 * that it does not give back cannot be known.
 */
export const notApplied = (sent: Row, before: Row, now: Row): readonly string[] =>
  Object.entries(sent)
    .filter(([name]) => name !== "additional_fields")
    .filter(
      ([name, value]) =>
        name in now && isSame(now[name], before[name]) && !isSame(now[name], value),
    )
    .map(([name]) => name);

const isSame = (one: unknown, other: unknown): boolean => plain(one) === plain(other);

/** Numbers come back as texts, days in another order, a single one within a list. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).toSorted().join(",");
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value as string | number | boolean).trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return String(Number(text));
  return momentOf(text) ?? text;
}

import { textOf } from "./text-of.ts";
import { z } from "zod";
import type { Row } from "./api/wire.ts";

/** A record with whatever fields the company has; only its id is certain. */
export const recordOut = z
  .looseObject({ id: z.union([z.int(), z.string()]) })
  .describe("Fields of Qontak that hold something; those that are empty are left out");

const MAX_ROWS = 25;
const MAX_CELL = 60;

/** Without what is empty: a record of Qontak has forty fields, most of them null. */
export const toRecord = (found: Row): z.output<typeof recordOut> => {
  const { additional_fields: custom, ...standard } = found;
  const filled = Array.isArray(custom) ? custom.filter(isFilledField) : [];
  return {
    ...(tidied({ ...standard, additional_fields: filled }) as Row),
    ...linkOf(found),
    id: found["id"] as number | string,
  };
};

const isFilledField = (field: unknown): boolean =>
  typeof field === "object" && field !== null && "value" in field && isSomething(field.value);

/** A deal's company is a number when it is written, and a list of none or one when it is read. */
function linkOf(found: Row): Row {
  const company = found["crm_company_id"];
  return Array.isArray(company) && company.length === 1 ? { crm_company_id: company[0] } : {};
}

export function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied).filter(isSomething);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, tidied(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => isSomething(inner)));
}

const isSomething = (value: unknown): boolean =>
  value !== null &&
  value !== undefined &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0);

/** A table in Markdown of some columns; with more rows than are shown it says so. */
export function tableOf(columns: readonly string[], rows: readonly Row[], total: number): string {
  if (rows.length === 0) return "Nothing found.";
  const lines = rows
    .slice(0, MAX_ROWS)
    .map((each) => `| ${columns.map((name) => cell(each[name])).join(" | ")} |`);
  const more = total > lines.length ? [`(${lines.length} of ${total})`] : [];
  return [
    `| ${columns.join(" | ")} |`,
    `|${columns.map(() => "---|").join("")}`,
    ...lines,
    ...more,
  ].join("\n");
}

const cell = (value: unknown): string => {
  const words = Array.isArray(value) ? value.map(String).join(", ") : textOf(value);
  const line = words.replaceAll("|", "\\|").replace(/\s+/g, " ");
  return line.length > MAX_CELL ? `${line.slice(0, MAX_CELL - 1)}…` : line;
};

import { z } from "zod";
import { moneyOut, toDecimal, toMoney } from "./money.ts";

const MAX_LINES = 500;
const MAX_DEPTH = 12;
/** What Kledo's reports call a name and an amount, as far as anybody has seen. */
const NAMES = ["name", "title", "label", "account_name", "text"];
const AMOUNTS = [
  "amount",
  "total",
  "balance",
  "value",
  "amount_after_tax",
  "total_amount_after_tax",
];

export const lineOut = z.object({ name: z.string(), amount: moneyOut, depth: z.int() });
type Line = z.output<typeof lineOut>;

/** Whatever in a report has a name and an amount, from the top down. Reports have forms that nobody documents. */
export function linesOf(report: unknown): readonly Line[] {
  const lines: Line[] = [];
  walk(report, 0, lines);
  return lines;
}

function walk(value: unknown, depth: number, lines: Line[]): void {
  if (depth > MAX_DEPTH || lines.length >= MAX_LINES || typeof value !== "object" || value === null)
    return;
  if (Array.isArray(value)) {
    for (const each of value) walk(each, depth, lines);
    return;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const line = lineOf(fields, depth);
  if (line) lines.push(line);
  for (const [name, inner] of Object.entries(fields))
    if (name !== "_cache_meta") walk(inner, line ? depth + 1 : depth, lines);
}

function lineOf(fields: Readonly<Record<string, unknown>>, depth: number): Line | null {
  const name = nameIn(fields) ?? nameIn(fields["sales"]) ?? nameIn(fields["contact"]);
  const amounts = AMOUNTS.flatMap((key) => {
    const value = fields[key];
    const money = typeof value === "number" || typeof value === "string" ? toMoney(value) : null;
    return money === null ? [] : [money];
  });
  return name === null || amounts[0] === undefined
    ? null
    : { name, amount: toDecimal(amounts[0]), depth };
}

function nameIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  const found = NAMES.map((key) => fields[key]).find(
    (each) => typeof each === "string" && each !== "",
  );
  return typeof found === "string" ? found : null;
}

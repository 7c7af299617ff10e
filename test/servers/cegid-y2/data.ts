import assert from "node:assert/strict";
import type { Books } from "../../../src/servers/cegid-y2/demo/state.ts";

/** What a tool gives is JSON of its own shape; tests say which field they mean. */
export type Data = Readonly<Record<string, unknown>>;

/** One call of one tool, and what it has to have given and done. */
export interface Case {
  readonly tool: string;
  readonly args: (books: Books) => Record<string, unknown>;
  /** Throws when the answer is not what the books hold, or the books not what was asked. */
  readonly check: (data: Data, books: Books) => void;
}

/** Cents of a decimal text, for sums that are made without the server's own arithmetic. */
export function cents(text: unknown): number {
  assert.match(String(text), /^-?\d+\.\d\d0*$/);
  return Math.round(Number(text) * 100);
}

/** What stands somewhere within: `at(data, "lines", 0, "label")`. */
export const at = (data: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (found, name) => (found as Readonly<Record<string | number, unknown>> | undefined)?.[name],
    data,
  );

/** One field of each row of a list. */
export function column(data: Data, list: string, field: string): readonly unknown[] {
  const rows = data[list];
  assert.ok(Array.isArray(rows), `${list} is no list`);
  return rows.map((row) => at(row, field));
}

/** A field that has to be a text. */
export function text(data: Data, name: string): string {
  const found = data[name];
  assert.ok(typeof found === "string", `${name} is no text`);
  return found;
}

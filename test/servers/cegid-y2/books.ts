import assert from "node:assert/strict";
import type { Books, SaleDocument } from "../../../src/servers/cegid-y2/demo/state.ts";
import { column, type Data } from "./data.ts";

export const idOf = ({ type, stump, number }: SaleDocument): string => `${type}/${stump}/${number}`;
export const ofType = (books: Books, ...types: readonly string[]): readonly SaleDocument[] =>
  books.documents.filter(({ type }) => types.includes(type));
export const first = (books: Books, type: string): SaleDocument => {
  const found = ofType(books, type).find(({ isActive, type: of }) => isActive || of === "Receipt");
  assert.ok(found);
  return found;
};
export const byId = (books: Books, id: string): SaleDocument => {
  const found = books.documents.find((one) => idOf(one) === id);
  assert.ok(found, `no ${id} in the books`);
  return found;
};
export const idsOf = (data: Data): readonly unknown[] => column(data, "documents", "id");
/** Prices of the books times pieces, in cents. */
export const totalOf = ({ lines }: SaleDocument): number =>
  lines.reduce(
    (sum, line) => sum + Math.round(Number(line.netUnitPrice) * 100) * Number(line.quantity),
    0,
  );

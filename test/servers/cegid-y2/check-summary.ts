import assert from "node:assert/strict";
import type { Books } from "../../../src/servers/cegid-y2/demo/state.ts";
import { ofType, totalOf } from "./books.ts";
import { cents, column, text, type Data } from "./data.ts";

/** Receipts of the month, added up in whole cents. */
export function checkSummary(data: Data, books: Books): void {
  const ofMonth = ofType(books, "Receipt").filter(({ date }) =>
    date.startsWith(text(data, "period")),
  );
  const own = ofMonth.filter(({ status }) => status !== "Canceled");
  const sums = [...Map.groupBy(own, ({ currency }) => currency)].toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  );
  assert.deepEqual(
    column(data, "totals", "currency"),
    sums.map(([currency]) => currency),
  );
  assert.deepEqual(
    column(data, "totals", "receipts"),
    sums.map(([, list]) => list.length),
  );
  assert.deepEqual(
    column(data, "totals", "total_tax_included").map(cents),
    sums.map(([, list]) => list.reduce((sum, one) => sum + totalOf(one), 0)),
  );
  const stores = column(data, "by_store", "receipts").reduce<number>(
    (sum, count) => sum + Number(count),
    0,
  );
  assert.equal(stores, own.length);
  assert.equal(data["cancelled"], ofMonth.length - own.length);
  assert.equal(data["is_whole"], true);
}

import { z } from "zod";
import { allHeaders } from "./api/sale-documents.ts";
import type { Asker } from "./api/y2.ts";
import { daysOf } from "./days.ts";
import { amountOut, toText, toUnits } from "./decimal.ts";
import type { CegidDeps } from "./deps.ts";
import type { HeaderOut } from "./documents.ts";

const totalOut = z.object({
  currency: z.string().nullable(),
  receipts: z.int(),
  total_tax_included: amountOut,
  total_tax_excluded: amountOut,
  tax: amountOut,
  quantity: amountOut,
});

export const summaryOut = z.object({
  period: z.string(),
  from: z.string(),
  to: z.string(),
  source: z.string().describe("Cegid Y2 has no such report: it is added up here from the receipts"),
  is_whole: z.boolean().describe("False: there were more receipts than were read"),
  cancelled: z.int().describe("Receipts that were cancelled and do not count"),
  totals: z.array(totalOut).describe("One for each currency"),
  by_store: z.array(totalOut.extend({ store_id: z.string().nullable() })),
});

export type Summary = z.output<typeof summaryOut>;

/** All receipts of a month, added up exactly. Currencies are never mixed. */
export async function summarize(
  { y2 }: Pick<CegidDeps, "y2">,
  asker: Asker & { readonly progress?: (done: number, total: number) => Promise<void> },
  month: string,
): Promise<Summary> {
  const { from, to } = daysOf(month);
  const { rows, isWhole } = await allHeaders(y2, asker, { types: ["Receipt"], from, to });
  // Whatever day Y2 takes its borders for: only what bears a date of the month counts.
  const ofMonth = rows.filter(({ date }) => date?.startsWith(month));
  const counted = ofMonth.filter(({ status }) => status !== "Canceled");
  return {
    period: month,
    from,
    to,
    source: "computed from the headers of receipts",
    is_whole: isWhole,
    cancelled: ofMonth.length - counted.length,
    totals: grouped(counted, ({ currency }) => currency ?? "").map(toTotal),
    by_store: grouped(counted, ({ store_id, currency }) => `${store_id} ${currency}`).map(
      (group) => ({ store_id: group[0]?.store_id ?? null, ...toTotal(group) }),
    ),
  };
}

/** Groups in the order of their keys. */
function grouped(
  rows: readonly HeaderOut[],
  keyOf: (row: HeaderOut) => string,
): readonly (readonly HeaderOut[])[] {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}

function toTotal(group: readonly HeaderOut[]): z.output<typeof totalOut> {
  const sum = (name: "total_tax_included" | "total_tax_excluded" | "quantity") =>
    group.reduce((total, row) => total + toUnits(row[name]), 0n);
  const [included, excluded] = [sum("total_tax_included"), sum("total_tax_excluded")];
  return {
    currency: group[0]?.currency ?? null,
    receipts: group.length,
    total_tax_included: toText(included),
    total_tax_excluded: toText(excluded),
    tax: toText(included - excluded),
    quantity: toText(sum("quantity")),
  };
}

export const summaryText = (summary: Summary): string =>
  [
    `**${summary.period}**, added up from ${summary.totals.reduce((sum, { receipts }) => sum + receipts, 0)} receipts${summary.is_whole ? "" : " (not all: there are more)"}`,
    ...summary.totals.map(
      (total) =>
        `- ${total.total_tax_included} ${total.currency ?? ""} with tax, ${total.total_tax_excluded} without, ${total.quantity} pieces`,
    ),
    ...summary.by_store.map(
      (total) =>
        `- store ${total.store_id ?? "?"}: ${total.total_tax_included} ${total.currency ?? ""} in ${total.receipts} receipts`,
    ),
  ].join("\n");

import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { readBills } from "../analytics/bills.ts";
import { revenueOf } from "../analytics/revenue.ts";
import { datesIn, periodOf } from "../arguments.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { statusName } from "../codes.ts";
import type { KledoDeps } from "../deps.ts";
import { moneyOut, toDecimal, toRupiah } from "../money.ts";
import { table } from "../tables.ts";

/** Totals of invoices: added up here, with what Kledo itself says beside it. */
export const totals = (deps: KledoDeps): readonly Tool[] => [
  totalsTool(deps, { name: "invoice_get_totals", side: "sales", what: "sales invoices" }),
  totalsTool(deps, {
    name: "purchase_invoice_get_totals",
    side: "purchases",
    what: "purchase invoices",
  }),
];

const statusOut = z.object({
  status_id: z.int(),
  status: z.string(),
  invoices: z.int(),
  total: moneyOut,
  due: moneyOut,
});

const totalsTool = (
  deps: KledoDeps,
  about: {
    readonly name: string;
    readonly side: "sales" | "purchases";
    readonly what: string;
  },
) =>
  defineTool({
    name: about.name,
    title: `Totals of ${about.what}`,
    description: `Number and sums of ${about.what} in a time, in all and by status; this month when nothing is said.`,
    effect: "read",
    input: z.object(datesIn),
    output: z.object({
      from: z.string(),
      to: z.string(),
      invoices: z.int(),
      subtotal: moneyOut,
      tax: moneyOut,
      total: moneyOut,
      due: moneyOut,
      by_status: z.array(statusOut),
      is_whole: z.boolean(),
      kledo: z.unknown().describe("What Kledo's own totals say, as it comes"),
    }),
    async run(given, call) {
      const period = periodOf(given, deps, "this_month");
      const { bills, isWhole } = await readBills(deps.api, call, { side: about.side, ...period });
      const all = revenueOf(bills);
      const byStatus = [...Map.groupBy(bills, ({ statusId }) => statusId)]
        .toSorted(([one], [other]) => one - other)
        .map(([id, own]) => ({ id, ...revenueOf(own) }));
      const kledo = await deps.api.get(
        call,
        {
          kind: "totals",
          path:
            about.side === "sales" ? ENDPOINTS.invoices.totals : ENDPOINTS.purchaseInvoices.totals,
          query: { date_from: period.from, date_to: period.to },
        },
        z.unknown(),
      );
      return {
        data: {
          ...period,
          invoices: bills.length,
          subtotal: toDecimal(all.net),
          tax: toDecimal(all.tax),
          total: toDecimal(all.gross),
          due: toDecimal(all.outstanding),
          by_status: byStatus.map((row) => ({
            status_id: row.id,
            status: statusName(row.id),
            invoices: row.bills,
            total: toDecimal(row.gross),
            due: toDecimal(row.outstanding),
          })),
          is_whole: isWhole,
          kledo,
        },
        text: table(
          ["Status", "Invoices", "Total", "Due"],
          [
            ...byStatus.map((row) => [
              statusName(row.id),
              row.bills,
              toRupiah(row.gross),
              toRupiah(row.outstanding),
            ]),
            ["All", bills.length, toRupiah(all.gross), toRupiah(all.outstanding)],
          ],
        ),
      };
    },
  });

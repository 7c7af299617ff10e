import { z } from "zod";
import type { Call } from "../../kit/call.ts";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { ageingOf, BUCKET_NAMES, type Aged } from "../analytics/ageing.ts";
import { readBills, type Bills } from "../analytics/bills.ts";
import { idIn } from "../arguments.ts";
import { INVOICE } from "../codes.ts";
import { todayIn } from "../days.ts";
import type { KledoDeps } from "../deps.ts";
import { moneyOut, sum, toDecimal, toRupiah } from "../money.ts";
import { table } from "../tables.ts";
import { sideIn, wholeOut } from "./analytics-schemas.ts";

/** What is open today. */
export const openAmounts = (deps: KledoDeps): readonly Tool[] => [outstanding(deps), ageing(deps)];

const MAX_LISTED = 100;

const outstanding = (deps: KledoDeps) =>
  defineTool({
    name: "analytics_outstanding",
    title: "Outstanding",
    description: "What is still to be paid today, the oldest first, and how much of it is overdue.",
    effect: "read",
    input: z.object({ side: sideIn, contact_id: idIn.optional() }),
    output: z.object({
      total: moneyOut,
      overdue: moneyOut,
      invoices: z.int(),
      list: z.array(
        z.object({
          id: z.int(),
          number: z.string(),
          contact: z.string(),
          date: z.string(),
          due_date: z.string(),
          total: moneyOut,
          due: moneyOut,
        }),
      ),
      ...wholeOut,
    }),
    async run({ side, contact_id }, call) {
      const { bills, isWhole } = await openBills(deps, call, side, contact_id);
      const today = todayIn(deps.clock.now(), deps.zone);
      const total = sum(bills.map(({ due }) => due));
      const overdue = sum(bills.filter(({ dueDate }) => dueDate < today).map(({ due }) => due));
      const oldest = bills.toSorted((one, other) => (one.dueDate < other.dueDate ? -1 : 1));
      return {
        data: {
          total: toDecimal(total),
          overdue: toDecimal(overdue),
          invoices: bills.length,
          list: oldest.slice(0, MAX_LISTED).map((bill) => ({
            id: bill.id,
            number: bill.number,
            contact: bill.contactName,
            date: bill.date,
            due_date: bill.dueDate,
            total: toDecimal(bill.total),
            due: toDecimal(bill.due),
          })),
          is_whole: isWhole,
        },
        text: `**${toRupiah(total)}** outstanding in ${bills.length} invoices, ${toRupiah(overdue)} of it overdue.\n\n${table(
          ["Number", "Contact", "Due on", "Due"],
          oldest.map((bill) => [bill.number, bill.contactName, bill.dueDate, toRupiah(bill.due)]),
        )}`,
      };
    },
  });

const agedOut = z.object(
  Object.fromEntries(BUCKET_NAMES.map((name) => [name, moneyOut])) as Record<
    (typeof BUCKET_NAMES)[number],
    typeof moneyOut
  >,
);

const toAged = (aged: Aged): z.output<typeof agedOut> =>
  Object.fromEntries(BUCKET_NAMES.map((name) => [name, toDecimal(aged[name])])) as z.output<
    typeof agedOut
  >;

const ageing = (deps: KledoDeps) =>
  defineTool({
    name: "analytics_ageing",
    title: "Ageing",
    description:
      "What is open today by age, in all and for each contact: not due, 1-30, 31-60, 61-90 and more days.",
    effect: "read",
    input: z.object({
      side: sideIn,
      by: z.enum(["due_date", "trans_date"]).default("due_date").describe("Days since when"),
    }),
    output: z.object({
      today: z.string(),
      total: moneyOut,
      overdue: moneyOut,
      invoices: z.int(),
      mean_days: z.number().nullable().describe("Mean age since billing, weighted by amount"),
      buckets: agedOut,
      contacts: z.array(
        z.object({ contact_id: z.int(), name: z.string(), total: moneyOut, buckets: agedOut }),
      ),
      ...wholeOut,
    }),
    async run({ side, by }, call) {
      const { bills, isWhole } = await openBills(deps, call, side);
      const today = todayIn(deps.clock.now(), deps.zone);
      const aged = ageingOf(bills, today, by);
      return {
        data: {
          today,
          total: toDecimal(aged.total),
          overdue: toDecimal(aged.overdue),
          invoices: aged.bills,
          mean_days: aged.meanDays,
          buckets: toAged(aged.buckets),
          contacts: aged.contacts.slice(0, MAX_LISTED).map((contact) => ({
            contact_id: contact.contactId,
            name: contact.name,
            total: toDecimal(contact.total),
            buckets: toAged(contact.buckets),
          })),
          is_whole: isWhole,
        },
        text: table(
          ["Contact", ...BUCKET_NAMES, "Total"],
          [{ name: "All", buckets: aged.buckets, total: aged.total }, ...aged.contacts].map(
            (row) => [
              row.name,
              ...BUCKET_NAMES.map((name) => toRupiah(row.buckets[name])),
              toRupiah(row.total),
            ],
          ),
        ),
      };
    },
  });

/** Unpaid and partially paid bills: two questions, since Kledo filters by one status at a time. */
async function openBills(
  { api }: KledoDeps,
  call: Call,
  side: "sales" | "purchases",
  contactId?: number,
): Promise<Bills> {
  const [unpaid, partly] = await Promise.all(
    [INVOICE.unpaid, INVOICE.partlyPaid].map((statusId) =>
      readBills(api, call, { side, statusId, contactId }),
    ),
  );
  const all = [...(unpaid?.bills ?? []), ...(partly?.bills ?? [])].filter(({ due }) => due > 0n);
  const unique = new Map(all.map((bill) => [bill.id, bill]));
  return {
    bills: [...unique.values()],
    isWhole: Boolean(unpaid?.isWhole && partly?.isWhole),
  };
}

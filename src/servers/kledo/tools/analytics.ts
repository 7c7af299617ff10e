import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { readBills, type Bill } from "../analytics/bills.ts";
import { rank, revenueOf } from "../analytics/revenue.ts";
import { changeOf, trendOf } from "../analytics/trends.ts";
import { datesIn, idIn, periodOf } from "../arguments.ts";
import type { KledoDeps } from "../deps.ts";
import { moneyOut, toDecimal, toRupiah } from "../money.ts";
import { table } from "../tables.ts";
import { readPeriod } from "../dates.ts";
import { periodOut, sideIn, wholeOut } from "./analytics-schemas.ts";

const revenueOut = {
  invoices: z.int(),
  net: moneyOut.describe("Billed before tax"),
  tax: moneyOut,
  gross: moneyOut.describe("Billed with tax"),
  received: moneyOut.describe("Of the gross, paid so far"),
  outstanding: moneyOut.describe("Of the gross, still to be paid"),
  paid_in_full: moneyOut.describe("Gross of invoices that are paid in full"),
  odd_invoices: z.int().describe("Whose parts do not add up to their total; they are counted"),
};

/** Sums over all invoices of a time, to the last sen. */
export const analytics = (deps: KledoDeps): readonly Tool[] => [
  revenue(deps),
  topCustomers(deps),
  trends(deps),
  compare(deps),
];

const toRevenue = (bills: readonly Bill[]) => {
  const {
    bills: invoices,
    odd,
    paidInFull,
    net,
    tax,
    gross,
    received,
    outstanding,
  } = revenueOf(bills);
  return {
    invoices,
    net: toDecimal(net),
    tax: toDecimal(tax),
    gross: toDecimal(gross),
    received: toDecimal(received),
    outstanding: toDecimal(outstanding),
    paid_in_full: toDecimal(paidInFull),
    odd_invoices: odd,
  };
};

const revenue = (deps: KledoDeps) =>
  defineTool({
    name: "analytics_revenue",
    title: "Revenue",
    description: "What was billed in a time, before and with tax, and how much of it was paid.",
    effect: "read",
    input: z.object({ side: sideIn, contact_id: idIn.optional(), ...datesIn }),
    output: z.object({ ...periodOut, ...revenueOut, ...wholeOut }),
    async run(given, call) {
      const period = periodOf(given, deps, "this_month");
      const { side, contact_id: contactId } = given;
      const { bills, isWhole } = await readBills(deps.api, call, { side, contactId, ...period });
      const { gross, received, outstanding: open } = revenueOf(bills);
      return {
        data: { ...period, ...toRevenue(bills), is_whole: isWhole },
        text: `${period.from} to ${period.to}: **${toRupiah(gross)}** in ${bills.length} invoices, ${toRupiah(received)} received, ${toRupiah(open)} outstanding.`,
      };
    },
  });

const topCustomers = (deps: KledoDeps) =>
  defineTool({
    name: "analytics_top_customers",
    title: "Top customers",
    description:
      "Who bought most in a time, or who owes most of it, with shares and how much hangs on few.",
    effect: "read",
    input: z.object({
      side: sideIn,
      by: z.enum(["revenue", "outstanding"]).default("revenue"),
      limit: z.int().min(1).max(100).default(10),
      ...datesIn,
    }),
    output: z.object({
      ...periodOut,
      total: moneyOut,
      customers: z.int(),
      first_five_share: z.number().describe("Percent"),
      customers_for_80_percent: z.int(),
      top: z.array(
        z.object({
          contact_id: z.int(),
          name: z.string(),
          invoices: z.int(),
          revenue: moneyOut,
          outstanding: moneyOut,
          share: z.number().describe("Percent"),
        }),
      ),
      ...wholeOut,
    }),
    async run(given, call) {
      const period = periodOf(given, deps, "this_year");
      const { bills, isWhole } = await readBills(deps.api, call, { side: given.side, ...period });
      const ranking = rank(bills, given.by === "revenue" ? "gross" : "outstanding");
      const top = ranking.contacts.slice(0, given.limit);
      return {
        data: {
          ...period,
          total: toDecimal(ranking.total),
          customers: ranking.contacts.length,
          first_five_share: ranking.firstFive,
          customers_for_80_percent: ranking.contactsFor80,
          top: top.map((contact) => ({
            contact_id: contact.contactId,
            name: contact.name,
            invoices: contact.bills,
            revenue: toDecimal(contact.gross),
            outstanding: toDecimal(contact.outstanding),
            share: contact.share,
          })),
          is_whole: isWhole,
        },
        text: table(
          ["Customer", "Invoices", "Revenue", "Outstanding", "Share"],
          top.map((each) => [
            each.name,
            each.bills,
            toRupiah(each.gross),
            toRupiah(each.outstanding),
            `${each.share} %`,
          ]),
        ),
      };
    },
  });

const trends = (deps: KledoDeps) =>
  defineTool({
    name: "analytics_trends",
    title: "Trends",
    description:
      "What was billed month by month, quarter by quarter or year by year, and how it changed.",
    effect: "read",
    input: z.object({
      side: sideIn,
      unit: z.enum(["month", "quarter", "year"]).default("month"),
      ...datesIn,
    }),
    output: z.object({
      ...periodOut,
      points: z.array(
        z.object({
          name: z.string(),
          invoices: z.int(),
          net: moneyOut,
          gross: moneyOut,
          change: z.number().nullable().describe("Percent, against the one before"),
        }),
      ),
      ...wholeOut,
    }),
    async run(given, call) {
      const period = periodOf(given, deps, "12 whole months");
      const { bills, isWhole } = await readBills(deps.api, call, { side: given.side, ...period });
      const points = trendOf(bills, period, given.unit);
      return {
        data: {
          ...period,
          points: points.map((point) => ({
            name: point.name,
            invoices: point.bills,
            net: toDecimal(point.net),
            gross: toDecimal(point.gross),
            change: point.change,
          })),
          is_whole: isWhole,
        },
        text: table(
          ["Time", "Invoices", "Billed", "Change"],
          points.map((point) => [
            point.name,
            point.bills,
            toRupiah(point.gross),
            point.change === null ? "" : `${point.change} %`,
          ]),
        ),
      };
    },
  });

const compare = (deps: KledoDeps) =>
  defineTool({
    name: "analytics_compare",
    title: "Compare two times",
    description: "What was billed in two times, side by side.",
    effect: "read",
    input: z.object({
      side: sideIn,
      period_a: z.string().min(1).max(100).default("this_month"),
      period_b: z.string().min(1).max(100).default("last_month"),
    }),
    output: z.object({
      a: z.object({ ...periodOut, ...revenueOut }),
      b: z.object({ ...periodOut, ...revenueOut }),
      change: z.number().nullable().describe("Of the gross of a against b, percent"),
      ...wholeOut,
    }),
    async run({ side, period_a, period_b }, call) {
      const read = (phrase: string) => readPeriod(phrase, deps.clock.now(), deps.zone);
      const [periodA, periodB] = [read(period_a), read(period_b)];
      const a = await readBills(deps.api, call, { side, ...periodA });
      const b = await readBills(deps.api, call, { side, ...periodB });
      const change = changeOf(revenueOf(b.bills).gross, revenueOf(a.bills).gross);
      return {
        data: {
          a: { ...periodA, ...toRevenue(a.bills) },
          b: { ...periodB, ...toRevenue(b.bills) },
          change,
          is_whole: a.isWhole && b.isWhole,
        },
      };
    },
  });

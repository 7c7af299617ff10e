import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { datesIn, periodOf } from "../arguments.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { agedRow } from "../api/wire.ts";
import { readPeriod, type Period } from "../dates.ts";
import type { KledoDeps } from "../deps.ts";
import { moneyOut, sum, toDecimal, toRupiah, type Money } from "../money.ts";
import { linesOf, lineOut } from "../report-lines.ts";
import { table } from "../tables.ts";
import type { Query } from "../api/client.ts";

/** Kledo's own reports, those that never worked in the original server among them. */
export const reports = (deps: KledoDeps): readonly Tool[] => [
  reportTool(deps, {
    name: "report_profit_loss",
    title: "Profit and loss",
    description: "Kledo's profit and loss account of a time; this month when nothing is said.",
    path: ENDPOINTS.reports.profitLoss,
    queryOf: between,
  }),
  reportTool(deps, {
    name: "report_balance_sheet",
    title: "Balance sheet",
    description: "Kledo's balance sheet at the end of a time; today when nothing is said.",
    path: ENDPOINTS.reports.balanceSheet,
    queryOf: ({ to }) => ({ date: to }),
  }),
  reportTool(deps, {
    name: "report_cash_flow",
    title: "Cash flow",
    description: "Kledo's cash flow statement of a time, by the direct method.",
    path: ENDPOINTS.reports.cashFlow,
    queryOf: (period) => ({ method: "direct", ...between(period) }),
  }),
  agedTool(deps, {
    name: "report_aged_receivable",
    title: "Aged receivables",
    description: "Kledo's own report of what customers owe, by age in months.",
    path: ENDPOINTS.reports.agedReceivable,
  }),
  agedTool(deps, {
    name: "report_aged_payable",
    title: "Aged payables",
    description: "Kledo's own report of what the company owes its vendors, by age in months.",
    path: ENDPOINTS.reports.agedPayable,
  }),
  otherReport(deps),
];

const between = ({ from, to }: Period): Query => ({ date_from: from, date_to: to });

const reportOut = z.object({
  from: z.string(),
  to: z.string(),
  lines: z.array(lineOut).describe("What has a name and an amount, in order, with its depth"),
  report: z.unknown().describe("The report as Kledo sends it: its form is not documented"),
});

interface ReportKind {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly path: string;
  readonly queryOf: (period: Period) => Query;
}

const reportTool = (deps: KledoDeps, { name, title, description, path, queryOf }: ReportKind) =>
  defineTool({
    name,
    title,
    description,
    effect: "read",
    input: z.object(datesIn),
    output: reportOut,
    async run(given, call) {
      const { from, to } = periodOf(
        given,
        deps,
        name === "report_balance_sheet" ? "today" : "this_month",
      );
      const query = queryOf({ from, to });
      const report = await deps.api.get(call, { kind: "reports", path, query }, z.unknown());
      const lines = [...linesOf(report)];
      return { data: { from, to, lines, report }, text: lineTable(title, lines) };
    },
  });

const lineTable = (title: string, lines: readonly z.output<typeof lineOut>[]): string =>
  table(
    [title, "Amount"],
    lines.map(({ name, amount, depth }) => [`${"· ".repeat(depth)}${name}`, amount]),
  );

/** Of Kledo's keys: -1 is the total, which is added up here instead; the others are months of age. */
const AGES = {
  under_1_month: "0",
  month_1: "1",
  months_2: "2",
  months_3: "3",
  over_3_months: "4",
} as const;
type Age = keyof typeof AGES;
const AGE_NAMES = Object.keys(AGES) as readonly Age[];

const agesOut = z.object(
  Object.fromEntries(AGE_NAMES.map((name) => [name, moneyOut])) as Record<Age, typeof moneyOut>,
);

const agedTool = (
  deps: KledoDeps,
  { name, title, description, path }: Omit<ReportKind, "queryOf">,
) =>
  defineTool({
    name,
    title,
    description,
    effect: "read",
    input: z.object({
      date: z.string().trim().min(1).max(100).default("today").describe("As of this day"),
    }),
    output: z.object({
      date: z.string(),
      total: moneyOut,
      contacts: z.array(
        z.object({ contact_id: z.int(), name: z.string(), total: moneyOut, ages: agesOut }),
      ),
      is_whole: z.boolean(),
    }),
    async run(given, call) {
      const date = readPeriod(given.date, deps.clock.now(), deps.zone).to;
      const question = { kind: "reports", path, query: { date } };
      const { rows, isWhole } = await deps.api.all(call, question, agedRow);
      const contacts = rows.map(({ contact_id, contact, due }) => {
        const amounts = AGE_NAMES.map((age): readonly [Age, Money] => [age, due[AGES[age]] ?? 0n]);
        return {
          contact_id,
          name: contact?.name ?? "",
          amounts,
          total: due["-1"] ?? sum(amounts.map(([, amount]) => amount)),
        };
      });
      return {
        data: {
          date,
          total: toDecimal(sum(contacts.map(({ total }) => total))),
          contacts: contacts.map(({ contact_id, name: who, total, amounts }) => ({
            contact_id,
            name: who,
            total: toDecimal(total),
            ages: Object.fromEntries(
              amounts.map(([age, amount]) => [age, toDecimal(amount)]),
            ) as z.output<typeof agesOut>,
          })),
          is_whole: isWhole,
        },
        text: table(
          ["Contact", ...AGE_NAMES, "Total"],
          contacts.map((row) => [
            row.name,
            ...row.amounts.map(([, amount]) => toRupiah(amount)),
            toRupiah(row.total),
          ]),
        ),
      };
    },
  });

const OTHERS: Readonly<
  Record<string, { readonly path: string; readonly queryOf: ReportKind["queryOf"] }>
> = {
  trial_balance: { path: ENDPOINTS.reports.trialBalance, queryOf: between },
  executive_summary: {
    path: ENDPOINTS.reports.executiveSummary,
    queryOf: ({ to }) => ({ month: Number(to.slice(5, 7)), year: Number(to.slice(0, 4)) }),
  },
  bank_summary: { path: ENDPOINTS.reports.bankSummary, queryOf: between },
  sales_per_person: {
    path: ENDPOINTS.reports.salesPerPerson,
    queryOf: (period) => ({ date_filter: "trans_date", ...between(period) }),
  },
  sales_per_product: { path: ENDPOINTS.reports.salesPerProduct, queryOf: between },
  receivable_payable: {
    path: ENDPOINTS.reports.receivablePayable,
    queryOf: (period) => ({ filter_date: "trans_date", ...between(period) }),
  },
};

const otherReport = (deps: KledoDeps) =>
  defineTool({
    name: "report_get",
    title: "Another report",
    description:
      "One of Kledo's other reports, as it comes: trial balance, executive and bank summary, sales by person and by product, receivables and payables.",
    effect: "read",
    input: z.object({
      report: z.enum(Object.keys(OTHERS) as [string, ...string[]]),
      ...datesIn,
    }),
    output: reportOut,
    async run({ report: name, ...given }, call) {
      const period = periodOf(given, deps, "this_month");
      const { path, queryOf } = OTHERS[name] ?? { path: "", queryOf: between };
      const query = queryOf(period);
      const report = await deps.api.get(call, { kind: "reports", path, query }, z.unknown());
      const lines = [...linesOf(report)];
      return { data: { ...period, lines, report }, text: lineTable(name, lines) };
    },
  });

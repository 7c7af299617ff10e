import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { datesIn, idIn, periodOf } from "../arguments.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { bankRow, contactSumRow } from "../api/wire.ts";
import type { KledoDeps } from "../deps.ts";
import { moneyOut, sum, toDecimal, toRupiah } from "../money.ts";
import { table } from "../tables.ts";

/** The original's tools about money as a whole. */
export const financial = (deps: KledoDeps): readonly Tool[] => [
  activityTeam(deps),
  contactSums(deps, {
    name: "financial_sales_summary",
    title: "Sales by customer",
    who: "customer",
    path: ENDPOINTS.reports.salesByContact,
  }),
  contactSums(deps, {
    name: "financial_purchase_summary",
    title: "Purchases by vendor",
    who: "vendor",
    path: ENDPOINTS.reports.purchaseByContact,
  }),
  bankBalances(deps),
];

/** No document says what it holds: it is given on as it comes. */
const someRows = z.union([
  z.array(z.unknown()),
  z.looseObject({ data: z.array(z.unknown()) }).transform(({ data }) => data),
  z.looseObject({}).transform((whole): readonly unknown[] => [whole]),
]);

const activityTeam = (deps: KledoDeps) =>
  defineTool({
    name: "financial_activity_team_report",
    title: "What the team did",
    description: "Kledo's report of what each user of the company did, by months.",
    effect: "read",
    input: z.object(datesIn),
    output: z.object({ from: z.string(), to: z.string(), users: z.array(z.unknown()) }),
    async run(given, call) {
      const period = periodOf(given, deps, "this_month");
      const query = { date_from: period.from.slice(0, 7), date_to: period.to.slice(0, 7) };
      const path = ENDPOINTS.reports.activityTeam;
      const users = await deps.api.get(call, { kind: "reports", path, query }, someRows);
      return { data: { from: query.date_from, to: query.date_to, users: [...users] } };
    },
  });

const contactSums = (
  deps: KledoDeps,
  about: {
    readonly name: string;
    readonly title: string;
    readonly who: string;
    readonly path: string;
  },
) =>
  defineTool({
    name: about.name,
    title: about.title,
    description: `Kledo's own sums for each ${about.who} in a time; this month when nothing is said.`,
    effect: "read",
    input: z.object({ ...datesIn, contact_id: idIn.optional().describe("From contact_list") }),
    output: z.object({
      from: z.string(),
      to: z.string(),
      total: moneyOut,
      contacts: z.array(
        z.object({
          contact_id: z.int(),
          name: z.string(),
          amount: moneyOut,
          transactions: z.int(),
        }),
      ),
      is_whole: z.boolean(),
    }),
    async run(given, call) {
      const period = periodOf(given, deps, "this_month");
      const query = {
        date_from: period.from,
        date_to: period.to,
        contact_ids: given.contact_id,
      };
      const { rows, isWhole } = await deps.api.all(
        call,
        { kind: "reports", path: about.path, query },
        contactSumRow,
      );
      const wanted = rows.filter(
        ({ contact_id }) => given.contact_id === undefined || contact_id === given.contact_id,
      );
      const sorted = wanted.toSorted((one, other) => (one.amount < other.amount ? 1 : -1));
      return {
        data: {
          ...period,
          total: toDecimal(sum(sorted.map(({ amount }) => amount))),
          contacts: sorted.map((row) => ({
            contact_id: row.contact_id,
            name: row.contact?.name ?? "",
            amount: toDecimal(row.amount),
            transactions: Number(row.total_transactions ?? 0),
          })),
          is_whole: isWhole,
        },
        text: table(
          [about.who, "Transactions", "Amount"],
          sorted.map((row) => [
            row.contact?.name,
            Number(row.total_transactions ?? 0),
            toRupiah(row.amount),
          ]),
        ),
      };
    },
  });

const bankBalances = (deps: KledoDeps) =>
  defineTool({
    name: "financial_bank_balances",
    title: "Bank balances",
    description: "What is in each bank account and till right now, never from the cache.",
    effect: "read",
    input: z.object({}),
    output: z.object({
      total: moneyOut,
      accounts: z.array(
        z.object({ id: z.int(), name: z.string(), code: z.string().nullable(), balance: moneyOut }),
      ),
    }),
    async run(_, call) {
      const path = ENDPOINTS.bank.balances;
      const { rows } = await deps.api.page(
        call,
        { kind: "bank_balance", path, isFresh: true },
        bankRow,
      );
      return {
        data: {
          total: toDecimal(sum(rows.map(({ balance }) => balance))),
          accounts: rows.map((row) => ({
            id: row.id,
            name: row.name ?? "",
            code: row.ref_code ?? null,
            balance: toDecimal(row.balance),
          })),
        },
        text: table(
          ["Account", "Balance"],
          rows.map((row) => [row.name, toRupiah(row.balance)]),
        ),
      };
    },
  });

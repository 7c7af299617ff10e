import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { datesIn, datesOf, idIn, pageFor, pagesIn, pagesOut, searchIn } from "../arguments.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { accountRow, bankRow, documentRow, transactionRow } from "../api/wire.ts";
import { transactionTypeName } from "../codes.ts";
import type { KledoDeps } from "../deps.ts";
import { documentOut, documentTable, toDocument } from "../documents.ts";
import { moneyOut, toDecimal, toRupiah } from "../money.ts";
import { table } from "../tables.ts";

/** Accounts, banks, expenses, and the small lists that documents refer to. */
export const ledger = (deps: KledoDeps): readonly Tool[] => [
  accountList(deps),
  bankList(deps),
  bankTransactions(deps),
  expenseList(deps),
  supportingList(deps),
];

const accountList = (deps: KledoDeps) =>
  defineTool({
    name: "account_list",
    title: "List accounts",
    description: "The chart of accounts, by name or number, with balances when asked for.",
    effect: "read",
    input: z.object({
      search: searchIn,
      include_balance: z.boolean().default(false),
      ...pagesIn,
    }),
    output: z.object({
      accounts: z.array(
        z.object({
          id: z.int(),
          name: z.string(),
          code: z.string().nullable(),
          category: z.string().nullable(),
          balance: moneyOut.nullable(),
        }),
      ),
      ...pagesOut,
    }),
    async run(given, call) {
      const path = ENDPOINTS.accounts.list;
      const { search, include_balance } = given;
      const query = { search, include_balance: include_balance ? 1 : undefined };
      const { rows, ...pages } = await pageFor(given, { path, ...query }, (page) =>
        deps.api.page(call, { kind: "accounts", path, query: { ...query, ...page } }, accountRow),
      );
      const accounts = rows.map((row) => ({
        id: row.id,
        name: row.name ?? "",
        code: row.ref_code ?? null,
        category: row.finance_account_category?.name ?? null,
        balance: include_balance ? toDecimal(row.balance) : null,
      }));
      return {
        data: { accounts, ...pages },
        text: table(
          ["Code", "Name", "Category", "Balance"],
          accounts.map((row) => [row.code, row.name, row.category, row.balance]),
          pages.total,
        ),
      };
    },
  });

const bankList = (deps: KledoDeps) =>
  defineTool({
    name: "bank_list",
    title: "List bank accounts",
    description: "Bank accounts and tills; bank_transactions_list wants the id of one.",
    effect: "read",
    input: z.object({}),
    output: z.object({
      banks: z.array(z.object({ id: z.int(), name: z.string(), code: z.string().nullable() })),
    }),
    async run(_, call) {
      const { rows } = await deps.api.page(
        call,
        { kind: "accounts", path: ENDPOINTS.bank.list },
        bankRow,
      );
      const banks = rows.map((row) => ({
        id: row.id,
        name: row.name ?? "",
        code: row.ref_code ?? null,
      }));
      return {
        data: { banks },
        text: table(
          ["id", "Code", "Name"],
          banks.map(({ id, code, name }) => [id, code, name]),
        ),
      };
    },
  });

const bankTransactions = (deps: KledoDeps) =>
  defineTool({
    name: "bank_transactions_list",
    title: "List bank transactions",
    description: "What came in and went out of one bank account or till, the newest first.",
    effect: "read",
    input: z.object({
      bank_account_id: idIn.describe("id from bank_list"),
      search: searchIn,
      ...datesIn,
      ...pagesIn,
    }),
    output: z.object({
      transactions: z.array(
        z.object({
          id: z.int(),
          date: z.string(),
          number: z.string(),
          type: z.string(),
          description: z.string().nullable(),
          amount: moneyOut,
        }),
      ),
      ...pagesOut,
    }),
    async run(given, call) {
      const { from, to } = datesOf(given, deps);
      const path = ENDPOINTS.bank.transactions;
      const query = {
        bank_account_id: given.bank_account_id,
        search: given.search,
        date_from: from,
        date_to: to,
        sort_by: "trans_date",
        order_by: "desc",
      };
      const { rows, ...pages } = await pageFor(given, { path, ...query }, (page) =>
        deps.api.page(
          call,
          { kind: "bank_transactions", path, query: { ...query, ...page } },
          transactionRow,
        ),
      );
      const transactions = rows.map((row) => ({
        id: row.id,
        date: row.trans_date,
        number: row.ref_number ?? "",
        type: row.trans_type?.name ?? transactionTypeName(row.trans_type_id ?? 0),
        description: row.desc ?? row.memo ?? null,
        amount: toDecimal(row.amount_after_tax),
      }));
      return {
        data: { transactions, ...pages },
        text: table(
          ["Date", "Type", "Description", "Amount"],
          rows.map((row, at) => [
            row.trans_date,
            transactions[at]?.type,
            row.desc ?? row.memo,
            toRupiah(row.amount_after_tax),
          ]),
          pages.total,
        ),
      };
    },
  });

const expenseList = (deps: KledoDeps) =>
  defineTool({
    name: "expense_list",
    title: "List expenses",
    description: "What the company spent other than by purchase invoices, the newest first.",
    effect: "read",
    input: z.object({ search: searchIn, contact_id: idIn.optional(), ...datesIn, ...pagesIn }),
    output: z.object({ documents: z.array(documentOut), ...pagesOut }),
    async run(given, call) {
      const { from, to } = datesOf(given, deps);
      const path = ENDPOINTS.expenses.list;
      const query = {
        search: given.search,
        contact_id: given.contact_id,
        date_from: from,
        date_to: to,
        sort_by: "trans_date",
        order_by: "desc",
      };
      const { rows, ...pages } = await pageFor(given, { path, ...query }, (page) =>
        deps.api.page(call, { kind: "expenses", path, query: { ...query, ...page } }, documentRow),
      );
      return {
        data: { documents: rows.map(toDocument), ...pages },
        text: documentTable(rows, pages.total),
      };
    },
  });

const LISTS = {
  units: { path: ENDPOINTS.supporting.units, kind: "units" },
  tags: { path: ENDPOINTS.supporting.tags, kind: "tags" },
  warehouses: { path: ENDPOINTS.supporting.warehouses, kind: "config" },
  product_categories: { path: ENDPOINTS.products.categories, kind: "config" },
  contact_groups: { path: ENDPOINTS.contacts.groups, kind: "config" },
} as const;

const listRow = z.looseObject({
  id: z.int(),
  name: z.string().nullish(),
  get children() {
    return z.array(listRow).nullish();
  },
});

const supportingList = (deps: KledoDeps) =>
  defineTool({
    name: "supporting_list",
    title: "List units, tags, warehouses, categories or groups",
    description: "The small lists that products, contacts and documents refer to.",
    effect: "read",
    input: z.object({
      what: z.enum(["units", "tags", "warehouses", "product_categories", "contact_groups"]),
    }),
    output: z.object({
      rows: z.array(z.object({ id: z.int(), name: z.string(), parent: z.string().nullable() })),
    }),
    async run({ what }, call) {
      const found = await deps.api.page(call, LISTS[what], listRow);
      const rows = found.rows.flatMap((row) => flat(row, null));
      return {
        data: { rows: [...rows] },
        text: table(
          ["id", "Name"],
          rows.map(({ id, name }) => [id, name]),
        ),
      };
    },
  });

/** A tree, each row after its parent. */
const flat = (
  row: z.output<typeof listRow>,
  parent: string | null,
): readonly { readonly id: number; readonly name: string; readonly parent: string | null }[] => {
  const name = row.name ?? "";
  return [
    { id: row.id, name, parent },
    ...(row.children ?? []).flatMap((each) => flat(each, name)),
  ];
};

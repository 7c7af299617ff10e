import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { datesIn, datesOf, idIn, pageFor, pagesIn, pagesOut, searchIn } from "../arguments.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { contactDetail, contactRow, transactionRow } from "../api/wire.ts";
import { contactTypeName, transactionTypeName } from "../codes.ts";
import type { KledoDeps } from "../deps.ts";
import { moneyOut, toDecimal, toRupiah } from "../money.ts";
import { table } from "../tables.ts";

/** Customers, vendors and whoever else the company deals with. */
export const contacts = (deps: KledoDeps): readonly Tool[] => [
  contactList(deps),
  contactGet(deps),
  contactTransactions(deps),
];

const contactOut = {
  id: z.int(),
  name: z.string(),
  company: z.string().nullable(),
  types: z.array(z.string()).describe("customer, vendor, employee, investor, other"),
  group: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  receivable: moneyOut.describe("What the contact owes the company"),
  payable: moneyOut.describe("What the company owes the contact"),
};

const typesOf = (row: {
  readonly type_id?: number | null | undefined;
  readonly type_ids?: readonly number[] | null | undefined;
}): readonly string[] => {
  const ids = row.type_ids?.length ? row.type_ids : [row.type_id];
  return ids.filter((id) => id !== null && id !== undefined).map(contactTypeName);
};

const path = ENDPOINTS.contacts.list;

const contactList = (deps: KledoDeps) =>
  defineTool({
    name: "contact_list",
    title: "List contacts",
    description:
      "Customers, vendors and others by name, company, email or phone, with what is open.",
    effect: "read",
    input: z.object({
      search: searchIn,
      type_id: z
        .int()
        .min(1)
        .max(5)
        .optional()
        .describe("1 vendor, 2 employee, 3 customer, 4 other, 5 investor"),
      ...pagesIn,
    }),
    output: z.object({ contacts: z.array(z.object(contactOut)), ...pagesOut }),
    async run(given, call) {
      const query = { search: given.search, type_id: given.type_id };
      const { rows, ...pages } = await pageFor(given, { path, ...query }, (page) =>
        deps.api.page(call, { kind: "contacts", path, query: { ...query, ...page } }, contactRow),
      );
      return {
        data: {
          contacts: rows.map((row) => ({
            id: row.id,
            name: row.name,
            company: row.company ?? null,
            types: [...typesOf(row)],
            group: row.group?.name ?? null,
            email: row.email ?? null,
            phone: row.phone ?? null,
            receivable: toDecimal(row.receivable),
            payable: toDecimal(row.payable),
          })),
          ...pages,
        },
        text: table(
          ["id", "Name", "Company", "Type", "Owes us", "We owe"],
          rows.map((row) => [
            row.id,
            row.name,
            row.company,
            typesOf(row).join(", "),
            toRupiah(row.receivable),
            toRupiah(row.payable),
          ]),
          pages.total,
        ),
      };
    },
  });

const contactGet = (deps: KledoDeps) =>
  defineTool({
    name: "contact_get_detail",
    title: "Read a contact",
    description: "One contact with addresses and what is open and overdue on both sides.",
    effect: "read",
    input: z.object({ contact_id: idIn.describe("id from contact_list") }),
    output: z.object({
      ...contactOut,
      receivable_overdue: moneyOut,
      payable_overdue: moneyOut,
      address: z.string().nullable(),
      tax_number: z.string().nullable(),
      notes: z.string().nullable(),
    }),
    async run({ contact_id }, call) {
      const row = await deps.api.get(
        call,
        { kind: "contacts", path: `${path}/${contact_id}` },
        contactDetail,
      );
      const total = row.total ?? undefined;
      return {
        data: {
          id: row.id,
          name: row.name,
          company: row.company ?? null,
          types: [...typesOf(row)],
          group: row.group?.name ?? null,
          email: row.email ?? null,
          phone: row.phone ?? null,
          receivable: toDecimal(total?.receivable ?? 0n),
          payable: toDecimal(total?.payable ?? 0n),
          receivable_overdue: toDecimal(total?.receivable_due ?? 0n),
          payable_overdue: toDecimal(total?.payable_due ?? 0n),
          address: row.address ?? null,
          tax_number: row.npwp ?? null,
          notes: row.notes ?? null,
        },
        text: `**${row.name}** (${typesOf(row).join(", ")}): owes us ${toRupiah(total?.receivable ?? 0n)}, we owe ${toRupiah(total?.payable ?? 0n)}.`,
      };
    },
  });

const contactTransactions = (deps: KledoDeps) =>
  defineTool({
    name: "contact_get_transactions",
    title: "Transactions of a contact",
    description: "Invoices, orders and payments of one contact, the newest first.",
    effect: "read",
    input: z.object({
      contact_id: idIn.describe("id from contact_list"),
      filter_date: z.enum(["trans_date", "due_date"]).default("trans_date"),
      due_only: z.boolean().default(false).describe("Only what is still to be paid"),
      ...datesIn,
      ...pagesIn,
    }),
    output: z.object({
      transactions: z.array(
        z.object({
          id: z.int(),
          date: z.string(),
          due_date: z.string().nullable(),
          number: z.string(),
          type: z.string(),
          description: z.string().nullable(),
          amount: moneyOut,
          due: moneyOut,
        }),
      ),
      ...pagesOut,
    }),
    async run(given, call) {
      const { from, to } = datesOf(given, deps);
      const own = `${path}/${given.contact_id}/transactions`;
      const query = {
        filter_date: given.filter_date,
        date_from: from,
        date_to: to,
        due_only: given.due_only ? 1 : undefined,
        sort_by: "trans_date",
        order_by: "desc",
      };
      const { rows, ...pages } = await pageFor(given, { path: own, ...query }, (page) =>
        deps.api.page(
          call,
          { kind: "invoices", path: own, query: { ...query, ...page } },
          transactionRow,
        ),
      );
      return {
        data: {
          transactions: rows.map((row) => ({
            id: row.id,
            date: row.trans_date,
            due_date: row.due_date ?? null,
            number: row.ref_number ?? "",
            type: row.trans_type?.name ?? transactionTypeName(row.trans_type_id ?? 0),
            description: row.desc ?? row.memo ?? null,
            amount: toDecimal(row.amount_after_tax),
            due: toDecimal(row.due),
          })),
          ...pages,
        },
        text: table(
          ["Date", "Type", "Number", "Amount", "Due"],
          rows.map((row) => [
            row.trans_date,
            row.trans_type?.name ?? transactionTypeName(row.trans_type_id ?? 0),
            row.ref_number,
            toRupiah(row.amount_after_tax),
            toRupiah(row.due),
          ]),
          pages.total,
        ),
      };
    },
  });

import { z } from "zod";
import type { DocumentDetail, DocumentRow } from "./api/wire.ts";
import { partsOf } from "./analytics/bills.ts";
import { statusName, transactionTypeName } from "./codes.ts";
import { atRate, moneyOut, toDecimal, toRupiah, type Money } from "./money.ts";
import { table } from "./tables.ts";

const namedOut = z.object({ id: z.int().nullable(), name: z.string() });

/** An invoice, order, delivery or quote in a list, as we give it out: in the books' own currency. */
export const documentOut = z.object({
  id: z.int(),
  number: z.string().describe("What stands on the document, such as INV/00012"),
  date: z.string(),
  due_date: z.string().nullable(),
  status_id: z.int(),
  status: z.string(),
  contact: namedOut,
  sales_person: z.string().nullable(),
  subtotal: moneyOut.describe("Before tax"),
  tax: moneyOut,
  total: moneyOut.describe("With tax"),
  due: moneyOut.describe("Still to be paid"),
  memo: z.string().nullable(),
  tags: z.array(z.string()),
});

export type DocumentOut = z.output<typeof documentOut>;

export const toDocument = (row: DocumentRow): DocumentOut => ({
  id: row.id,
  number: row.ref_number ?? "",
  date: row.trans_date,
  due_date: row.due_date ?? null,
  status_id: row.status_id,
  status: statusName(row.status_id),
  contact: { id: row.contact_id ?? row.contact?.id ?? null, name: row.contact?.name ?? "" },
  sales_person: row.sales_person?.name ?? row.sales?.name ?? null,
  subtotal: toDecimal(partsOf(row).subtotal),
  tax: toDecimal(partsOf(row).tax),
  total: toDecimal(atRate(row.amount_after_tax, row.currency_rate)),
  due: toDecimal(atRate(row.due, row.currency_rate)),
  memo: row.memo ?? null,
  tags: (row.tags ?? []).map(({ name }) => name ?? "").filter(Boolean),
});

export const quantityOut = z.string().describe("A decimal number");

export const detailOut = documentOut.extend({
  items: z.array(
    z.object({
      product_id: z.int().nullable(),
      name: z.string(),
      code: z.string().nullable(),
      description: z.string().nullable(),
      quantity: quantityOut,
      price: moneyOut,
      amount: moneyOut.describe("Before tax"),
      tax: moneyOut,
    }),
  ),
  payments: z.array(
    z.object({ date: z.string(), amount: moneyOut, account: z.string().nullable() }),
  ),
  related: z.array(z.object({ id: z.int(), number: z.string(), kind: z.string() })),
});

export const toDetail = (row: DocumentDetail): z.output<typeof detailOut> => ({
  ...toDocument(row),
  items: (row.items ?? []).map((item) => ({
    product_id: item.product?.id ?? null,
    name: item.product?.name ?? item.desc ?? "",
    code: item.product?.code ?? null,
    description: item.desc ?? null,
    quantity: String(item.qty ?? 0),
    price: toDecimal(item.price),
    amount: toDecimal(item.amount),
    tax: toDecimal(item.tax),
  })),
  payments: (row.transactions ?? []).map((payment) => ({
    date: payment.trans_date ?? "",
    amount: toDecimal(payment.amount_after_tax),
    account: payment.bank_account?.name ?? null,
  })),
  related: (row.relations ?? []).map(({ id, ref_number, trans_type_id }) => ({
    id,
    number: ref_number ?? "",
    kind: transactionTypeName(trans_type_id ?? 0),
  })),
});

export const documentTable = (rows: readonly DocumentRow[], total: number): string =>
  table(
    ["id", "Number", "Date", "Contact", "Status", "Total", "Due"],
    rows.map((row) => [
      row.id,
      row.ref_number,
      row.trans_date,
      row.contact?.name,
      statusName(row.status_id),
      toRupiah(row.amount_after_tax),
      toRupiah(row.due),
    ]),
    total,
  );

export function detailText(title: string, row: DocumentDetail): string {
  const money = (name: string, amount: Money) => `- ${name}: ${toRupiah(amount)}`;
  const items = table(
    ["Item", "Quantity", "Price", "Amount"],
    (row.items ?? []).map((item) => [
      item.product?.name ?? item.desc,
      String(item.qty ?? 0),
      toRupiah(item.price),
      toRupiah(item.amount),
    ]),
  );
  return [
    `**${title} ${row.ref_number ?? row.id}**, ${row.trans_date}, ${row.contact?.name ?? ""}: ${statusName(row.status_id)}`,
    money("Subtotal", partsOf(row).subtotal),
    money("Tax", partsOf(row).tax),
    money("Total", row.amount_after_tax),
    money("Due", row.due),
    "",
    items,
  ].join("\n");
}

import { z } from "zod";
import { amount, amountOrNone } from "../money.ts";

/** What Kledo sends, as far as it is used; anything else is let through. No document of Kledo's says what answers hold. */

export const envelope = z.looseObject({
  success: z.boolean().optional(),
  message: z.string().nullish(),
  errors: z.record(z.string(), z.unknown()).nullish(),
  data: z.unknown(),
});

/** The inner part of a list. Some lists come as they are, without pages. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.union([
    z.looseObject({
      data: z.array(row),
      current_page: z.int().nullish(),
      last_page: z.int().nullish(),
      total: z.int().nullish(),
    }),
    z.array(row).transform((data) => ({
      data,
      current_page: 1,
      last_page: 1,
      total: data.length,
    })),
  ]);

const text = z.string().nullish();
const named = z.looseObject({ id: z.int().nullish(), name: text }).nullish();
const rate = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => String(value ?? 1));

const contactRef = z.looseObject({ id: z.int(), name: text, company: text }).nullish();

/** An invoice, order, delivery or quote, of sales or purchases, in a list. */
export const documentRow = z.looseObject({
  id: z.int(),
  ref_number: text,
  trans_date: z.string(),
  due_date: text,
  status_id: z.int(),
  contact_id: z.int().nullish(),
  contact: contactRef,
  memo: text,
  // Bills of purchases have neither of the first two in a list, but `amount`, in the books' own currency.
  subtotal: amountOrNone,
  total_tax: amountOrNone,
  amount: amountOrNone,
  amount_after_tax: amount,
  due: amount,
  currency_rate: rate,
  sales_person: named,
  sales: named,
  tags: z.array(z.looseObject({ name: text })).nullish(),
  qty: z.union([z.number(), z.string()]).nullish(),
});

const documentItem = z.looseObject({
  desc: text,
  qty: z.union([z.number(), z.string()]).nullish(),
  price: amount,
  amount: amount,
  amount_after_tax: amount,
  tax: amount,
  discount_percent: z.union([z.number(), z.string()]).nullish(),
  product: z.looseObject({ id: z.int().nullish(), name: text, code: text }).nullish(),
});

export const documentDetail = documentRow.extend({
  items: z.array(documentItem).nullish(),
  transactions: z
    .array(
      z.looseObject({
        trans_date: text,
        amount_after_tax: amount,
        bank_account: named,
        memo: text,
      }),
    )
    .nullish(),
  relations: z
    .array(z.looseObject({ id: z.int(), ref_number: text, trans_type_id: z.int().nullish() }))
    .nullish(),
  message: z.unknown(),
});

export const productRow = z.looseObject({
  id: z.int(),
  name: z.string(),
  code: text,
  price: amount,
  base_price: amount,
  avg_base_price: amount,
  qty: z.union([z.number(), z.string()]).nullish(),
  is_track: z.union([z.boolean(), z.int()]).nullish(),
  is_archive: z.union([z.boolean(), z.int()]).nullish(),
  description: text,
  unit: named,
  warehouse_qty: z
    .array(
      z.looseObject({
        warehouse_id: z.int().nullish(),
        warehouse_name: text,
        name: text,
        qty: z.union([z.number(), z.string()]).nullish(),
      }),
    )
    .nullish(),
});

export const contactRow = z.looseObject({
  id: z.int(),
  name: z.string(),
  company: text,
  type_id: z.int().nullish(),
  type_ids: z.array(z.int()).nullish(),
  receivable: amount,
  payable: amount,
  group: named,
  email: text,
  phone: text,
  is_archive: z.union([z.boolean(), z.int()]).nullish(),
});

/** In a detail `receivable` and `payable` are lists of documents, and the sums are in `total`. */
export const contactDetail = z.looseObject({
  id: z.int(),
  name: z.string(),
  company: text,
  type_id: z.int().nullish(),
  type_ids: z.array(z.int()).nullish(),
  email: text,
  phone: text,
  address: text,
  npwp: text,
  notes: text,
  group: named,
  total: z
    .looseObject({
      receivable: amount,
      payable: amount,
      receivable_due: amount,
      payable_due: amount,
    })
    .nullish(),
});

export const transactionRow = z.looseObject({
  id: z.int(),
  trans_date: z.string(),
  due_date: text,
  ref_number: text,
  trans_type_id: z.int().nullish(),
  trans_type: named,
  desc: text,
  memo: text,
  amount_after_tax: amount,
  due: amount,
});

export const bankRow = z.looseObject({
  id: z.int(),
  name: text,
  ref_code: text,
  balance: amount,
});

export const accountRow = z.looseObject({
  id: z.int(),
  name: text,
  ref_code: text,
  finance_account_category_id: z.int().nullish(),
  finance_account_category: named,
  balance: amount,
});

export const contactSumRow = z.looseObject({
  contact_id: z.int(),
  contact: contactRef,
  amount: amount,
  total_transactions: z.union([z.int(), z.string()]).nullish(),
});

/** `due` by age: -1 is all of it, 0 less than a month, 1, 2 and 3 months, 4 more than three. */
export const agedRow = z.looseObject({
  contact_id: z.int(),
  contact: contactRef,
  due: z.record(z.string(), amount),
});

export type DocumentRow = z.output<typeof documentRow>;
export type DocumentDetail = z.output<typeof documentDetail>;
export type ProductRow = z.output<typeof productRow>;

import { sumsOf, type Books, type Contact, type Doc, type DocKind, type Product } from "./books.ts";
import { byId, contactHead, decimalText, TYPE_IDS, type Row } from "./row-parts.ts";

/** Contacts, products and payments as Kledo sends them. */

const TYPE_NAMES: Readonly<Record<number, string>> = {
  2: "Pesanan Pembelian",
  3: "Tagihan Pembelian",
  4: "Penawaran",
  5: "Tagihan",
  6: "Pemesanan",
  7: "Pengiriman",
  8: "Pengiriman Pembelian",
  15: "Pembayaran Biaya",
  16: "Pembayaran Pembelian",
  17: "Pembayaran Tagihan",
};

/** What is open with a contact: theirs to pay, and ours. */
function openWith(books: Books, contactId: number) {
  const of = (kind: DocKind) =>
    books.documents.filter((doc) => doc.kind === kind && doc.contactId === contactId);
  const dueOf = (docs: readonly Doc[]) => docs.reduce((all, doc) => all + sumsOf(doc).due, 0);
  const late = (docs: readonly Doc[]) => docs.filter(({ dueDate }) => dueDate < books.today);
  const [sales, purchases] = [of("invoice"), of("purchaseInvoice")];
  return {
    receivable: dueOf(sales),
    payable: dueOf(purchases),
    receivable_due: dueOf(late(sales)),
    payable_due: dueOf(late(purchases)),
  };
}

export function contactRow(books: Books, contact: Contact): Row {
  const { receivable, payable } = openWith(books, contact.id);
  return {
    id: contact.id,
    name: contact.name,
    company: contact.company,
    description: null,
    finance_term_id: null,
    payable: decimalText(payable),
    receivable: decimalText(receivable),
    local_id: "",
    receivable_account_id: 21,
    payable_account_id: 23,
    is_archive: 0,
    type_id: contact.typeId,
    group_id: contact.groupId,
    type_ids: [contact.typeId],
    group: { ...byId(books.groups, contact.groupId), code: null, is_active: true, local_id: "" },
    term: null,
    finance_contact_emails: [],
  };
}

export function contactDetail(books: Books, contact: Contact): Row {
  const page = { current_page: 1, data: [], last_page: 1, per_page: 15, total: 0 };
  return {
    ...contactRow(books, contact),
    ...contactHead(contact),
    notes: null,
    receivable: page,
    payable: page,
    transactions: page,
    total: { ...openWith(books, contact.id), payment_received: 0, payment_sent: 0 },
    is_deletable: false,
    photos: [],
    shipping_addresses: [],
  };
}

export const productRow = (books: Books, product: Product, withStock: boolean): Row => ({
  id: product.id,
  name: product.name,
  code: product.code,
  base_price: product.cost,
  price: product.price,
  qty: product.stock.reduce((all, count) => all + count, 0),
  is_track: product.isTracked,
  unit_id: product.unitId,
  bundle_type_id: 0,
  variant_type_id: 0,
  sn_type: null,
  pos_product_category_id: product.categoryId,
  avg_base_price: product.cost,
  is_archive: 0,
  unit: byId(books.units, product.unitId) ?? null,
  warehouse_qty: withStock
    ? product.stock.map((qty, at) => ({
        warehouse_id: books.warehouses[at]?.id ?? 0,
        warehouse_name: books.warehouses[at]?.name ?? "",
        qty,
      }))
    : [],
});

/** A payment as bank and contact show it. */
export const paymentRows = (books: Books, doc: Doc): readonly Row[] =>
  doc.payments.map((payment) => {
    const typeId = { invoice: 17, purchaseInvoice: 16 }[doc.kind as string] ?? 15;
    const sign = typeId === 17 ? 1 : -1;
    return {
      id: payment.id,
      bank_account_id: payment.bankId,
      trans_date: payment.date,
      due_date: null,
      ref_number: `${doc.number}-P`,
      trans_type_id: typeId,
      trans_type: { id: typeId, name: TYPE_NAMES[typeId] },
      desc: byId(books.contacts, doc.contactId)?.name ?? "",
      memo: "",
      amount_after_tax: sign * payment.amount,
      currency_id: 0,
      due: 0,
    };
  });

export const transactionRow = (doc: Doc): Row => ({
  id: doc.id,
  bank_account_id: null,
  trans_date: doc.date,
  due_date: doc.dueDate,
  ref_number: doc.number,
  trans_type_id: TYPE_IDS[doc.kind],
  trans_type: { id: TYPE_IDS[doc.kind], name: TYPE_NAMES[TYPE_IDS[doc.kind]] },
  desc: doc.memo,
  memo: doc.memo,
  amount_after_tax: decimalText(sumsOf(doc).total),
  currency_id: 0,
  due: decimalText(sumsOf(doc).due),
});

import { itemSums, statusOf, sumsOf, type Books, type Doc } from "./books.ts";
import { byId, contactHead, decimalText, TYPE_IDS, type Row } from "./row-parts.ts";

/** Documents as Kledo sends them, field by field, numbers where it has numbers and texts where it has texts. */

/** In a list. */
export function documentRow(books: Books, doc: Doc): Row {
  const { subtotal, tax, total, due } = sumsOf(doc);
  const contact = byId(books.contacts, doc.contactId);
  const common = {
    id: doc.id,
    trans_type_id: TYPE_IDS[doc.kind],
    trans_date: doc.date,
    due_date: doc.dueDate,
    contact_id: doc.contactId,
    status_id: statusOf(doc),
    ref_number: doc.number,
    amount: subtotal,
    amount_after_tax: total,
    due,
    currency_id: 0,
    currency_rate: 1,
    shipping_cost: 0,
    shipping_date: null,
    payment_date: doc.payments[0]?.date ?? null,
    paid_date: statusOf(doc) === 3 ? (doc.payments.at(-1)?.date ?? null) : null,
    related_id: doc.relatedId,
    related_type: null,
  };
  // Bills of purchases are slimmer: they have no subtotal, and more of their contact.
  if (doc.kind === "purchaseInvoice")
    return {
      ...common,
      additional_discount_amount: 0,
      additional_discounts: null,
      total_additional_discounts: 0,
      contact: contact ? { ...contactHead(contact), finance_contact_emails: [] } : null,
      products: doc.items.map((item) => ({
        id: item.productId,
        name: byId(books.products, item.productId)?.name ?? "",
        qty: item.quantity,
        unit: "Pcs",
        is_purchase: true,
        is_sell: true,
      })),
    };
  return {
    ...common,
    business_tran_id: doc.id,
    bank_statement_id: null,
    bank_account_id: null,
    pay_later: true,
    include_tax: false,
    term_id: 1,
    attachment: [],
    memo: doc.memo,
    desc: "",
    tax: JSON.stringify({ 1: tax }),
    warehouse_id: 1,
    discount_percent: 0,
    discount_amount: 0,
    additional_discount_percent: 0,
    additional_discount_amount: 0,
    total_tax: tax,
    subtotal,
    delivery_ids: "[]",
    witholding_percent: 0,
    witholding_amount: 0,
    owner_id: doc.salesId,
    sales_id: doc.salesId,
    currency_source_id: 0,
    is_stamped: false,
    source: 1,
    created_at: `${doc.date}T02:00:00.000000Z`,
    updated_at: `${doc.date}T02:00:00.000000Z`,
    contact: contact
      ? { id: contact.id, name: contact.name, company: contact.company, npwp: null }
      : null,
    termin: { id: 1, name: "Custom" },
    warehouse: byId(books.warehouses, 1) ?? null,
    sales_person: byId(books.users, doc.salesId) ?? null,
    attachment_exists: false,
    tags: [{ ...books.tags[doc.id % books.tags.length], color: "#3366cc" }],
    print_status: "Belum",
    order_number: "",
    due_days: 30,
    qty: doc.items.reduce((all, { quantity }) => all + quantity, 0),
    payment_accounts: [],
    return_ref_number: null,
  };
}

/** By itself: with its items, its payments and what it hangs together with. */
export function documentDetail(books: Books, doc: Doc): Row {
  const { tax, subtotal, total } = sumsOf(doc);
  const contact = byId(books.contacts, doc.contactId);
  const related = books.documents.filter(
    (other) => other.id === doc.relatedId || other.relatedId === doc.id,
  );
  return {
    ...documentRow(books, doc),
    subtotal,
    total_tax: tax,
    amount_after_tax: total,
    tax: { 1: tax },
    sales: byId(books.users, doc.salesId) ?? null,
    contact: contact ? contactHead(contact) : null,
    items: doc.items.map((item, at) => {
      const product = byId(books.products, item.productId);
      const sums = itemSums(item);
      return {
        id: doc.id * 100 + at,
        tran_id: doc.id,
        finance_account_id: item.productId,
        tax_id: 1,
        desc: product?.name ?? "Biaya",
        qty: item.quantity,
        price: item.price,
        amount: sums.amount,
        amount_after_tax: sums.amount + sums.tax,
        discount_percent: 0,
        discount_amount: 0,
        taxable: item.taxPercent > 0 ? 1 : 0,
        tax: sums.tax,
        subtotal: sums.amount,
        unit_id: product?.unitId ?? 1,
        unit_conv: 1,
        serial_numbers: [],
        product: product ? { id: product.id, name: product.name, code: product.code } : null,
        item_tax: { id: 1, name: "PPN", percent: item.taxPercent },
      };
    }),
    transactions: doc.payments.map((payment) => {
      const bank = byId(books.banks, payment.bankId);
      return {
        id: payment.id,
        status_id: 31,
        bank_account_id: payment.bankId,
        trans_date: payment.date,
        trans_type_id: 17,
        memo: "",
        currency_rate: 1,
        bank_account: bank ? { id: bank.id, name: bank.name, ref_code: bank.code } : null,
        amount_after_tax: payment.amount,
        business_tran_id: doc.id,
      };
    }),
    relations: related.map((other) => ({
      id: other.id,
      ref_number: other.number,
      trans_type_id: TYPE_IDS[other.kind],
      trans_date: other.date,
      status_id: statusOf(other),
      amount_after_tax: decimalText(sumsOf(other).total),
      due: decimalText(sumsOf(other).due),
    })),
    taxes: { PPN: { value: tax, percent: 11 } },
    message: { message: null },
    is_editable: true,
    is_deletable: true,
    next: null,
    prev: null,
    print_url: `contoh-${doc.id}`,
  };
}

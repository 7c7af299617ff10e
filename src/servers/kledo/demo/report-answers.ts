import { daysBetween } from "../days.ts";
import { sumsOf, type Books, type Doc, type DocKind } from "./books.ts";

/**
 * Reports as Kledo answers them. Of aged debts, sums by contact and by person the form is known from programs of others;
 * of the rest it is our guess, since nobody documents it.
 */

type Query = URLSearchParams;

const within = (books: Books, kind: DocKind, query: Query): readonly Doc[] =>
  books.documents.filter(
    (doc) =>
      doc.kind === kind &&
      doc.date >= (query.get("date_from") ?? "0000") &&
      doc.date <= (query.get("date_to") ?? "9999"),
  );

const total = (docs: readonly Doc[], part: "subtotal" | "total" | "paid" | "due"): number =>
  docs.reduce((all, doc) => all + sumsOf(doc)[part], 0);

export function perContact(books: Books, kind: DocKind, query: Query) {
  const only = query.get("contact_ids");
  return [...Map.groupBy(within(books, kind, query), ({ contactId }) => contactId)]
    .filter(([contactId]) => only === null || String(contactId) === only)
    .map(([contactId, docs]) => {
      const contact = books.contacts.find(({ id }) => id === contactId);
      return {
        contact_id: contactId,
        amount: total(docs, "subtotal"),
        total_transactions: docs.length,
        contact: { id: contactId, name: contact?.name ?? "", company: contact?.company ?? null },
      };
    });
}

/** -1 is all of it; then by months since it was due: 0 less than one, 4 more than three. */
export function aged(books: Books, kind: DocKind, query: Query) {
  const date = query.get("date") ?? books.today;
  const open = books.documents.filter(
    (doc) => doc.kind === kind && doc.date <= date && sumsOf(doc).due > 0,
  );
  return [...Map.groupBy(open, ({ contactId }) => contactId)].map(([contactId, docs]) => {
    const due: Record<string, number> = { "-3": 0, "-2": 0, "-1": total(docs, "due") };
    for (const month of [0, 1, 2, 3, 4])
      due[String(month)] = total(
        docs.filter((doc) => monthsLate(doc, date) === month),
        "due",
      );
    const contact = books.contacts.find(({ id }) => id === contactId);
    return { contact_id: contactId, contact: { id: contactId, name: contact?.name ?? "" }, due };
  });
}

const monthsLate = ({ dueDate }: Doc, date: string): number =>
  Math.min(4, Math.max(0, Math.floor(daysBetween(dueDate, date) / 30)));

export function perPerson(books: Books, query: Query) {
  return [...Map.groupBy(within(books, "invoice", query), ({ salesId }) => salesId)].map(
    ([salesId, docs]) => ({
      sales_id: salesId,
      sales: books.users.find(({ id }) => id === salesId) ?? null,
      total_amount_after_tax: total(docs, "total"),
      total_count: docs.length,
      total_commission: 0,
    }),
  );
}

export function profitLoss(books: Books, query: Query) {
  const revenue = total(within(books, "invoice", query), "subtotal");
  const cost = total(within(books, "purchaseInvoice", query), "subtotal");
  const expenses = total(within(books, "expense", query), "subtotal");
  return {
    data: [
      { name: "Pendapatan", amount: revenue, children: [{ name: "Penjualan", amount: revenue }] },
      {
        name: "Harga Pokok Penjualan",
        amount: cost,
        children: [{ name: "Pembelian", amount: cost }],
      },
      { name: "Laba Kotor", amount: revenue - cost, children: [] },
      { name: "Biaya", amount: expenses, children: [{ name: "Biaya Sewa", amount: expenses }] },
      { name: "Laba Bersih", amount: revenue - cost - expenses, children: [] },
    ],
    _cache_meta: { from_cache: false, cache_age_seconds: 0 },
  };
}

export function balanceSheet(books: Books, query: Query) {
  const upTo = new URLSearchParams({ date_to: query.get("date") ?? books.today });
  const receivable = total(within(books, "invoice", upTo), "due");
  const payable = total(within(books, "purchaseInvoice", upTo), "due");
  const bank = bankTotal(books);
  return {
    data: [
      {
        name: "Aset",
        amount: bank + receivable,
        children: [
          { name: "Kas & Bank", amount: bank },
          { name: "Piutang Usaha", amount: receivable },
        ],
      },
      { name: "Kewajiban", amount: payable, children: [{ name: "Hutang Usaha", amount: payable }] },
      { name: "Modal", amount: bank + receivable - payable, children: [] },
    ],
  };
}

export function cashFlow(books: Books, query: Query) {
  const [from, to] = [query.get("date_from") ?? "0000", query.get("date_to") ?? "9999"];
  const paid = (kind: DocKind): number =>
    books.documents
      .filter((doc) => doc.kind === kind)
      .flatMap(({ payments }) => payments)
      .filter(({ date }) => date >= from && date <= to)
      .reduce((all, { amount }) => all + amount, 0);
  const [received, bought, spent] = [paid("invoice"), paid("purchaseInvoice"), paid("expense")];
  return {
    data: [
      { name: "Penerimaan dari pelanggan", amount: received },
      { name: "Pembayaran ke pemasok", amount: -bought },
      { name: "Pengeluaran operasional", amount: -spent },
      { name: "Arus kas bersih", amount: received - bought - spent },
    ],
  };
}

/** What is in each account: its opening, what came in and what went out. */
export const balances = (books: Books) =>
  books.banks.map(({ id, name, code, opening }) => ({
    id,
    name,
    ref_code: code,
    balance: books.documents.reduce(
      (all, doc) =>
        doc.payments
          .filter(({ bankId }) => bankId === id)
          .reduce((sum, { amount }) => sum + (doc.kind === "invoice" ? amount : -amount), all),
      opening,
    ),
  }));

const bankTotal = (books: Books): number =>
  balances(books).reduce((all, { balance }) => all + balance, 0);

export const activityTeam = (books: Books, query: Query) => {
  const [from, to] = [query.get("date_from") ?? "0000", query.get("date_to") ?? "9999"];
  return books.users.map(({ id, name }) => ({
    user_id: id,
    user: { id, name },
    total: books.documents.filter(
      ({ salesId, date }) =>
        salesId === id &&
        date.slice(0, 7) >= from.slice(0, 7) &&
        date.slice(0, 7) <= to.slice(0, 7),
    ).length,
  }));
};

export function totalsOf(books: Books, kind: DocKind, query: Query) {
  const docs = within(books, kind, query);
  return {
    subtotal: total(docs, "subtotal"),
    amount_after_tax: total(docs, "total"),
    due: total(docs, "due"),
    count: docs.length,
  };
}

export const namedAmounts = (books: Books, query: Query) => ({
  data: perContact(books, "invoice", query).map(({ contact, amount }) => ({
    name: contact.name,
    amount,
  })),
});

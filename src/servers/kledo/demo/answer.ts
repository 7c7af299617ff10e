import { statusOf, sumsOf, type Books, type Doc, type DocKind } from "./books.ts";
import {
  activityTeam,
  aged,
  balances,
  balanceSheet,
  cashFlow,
  namedAmounts,
  perContact,
  perPerson,
  profitLoss,
  totalsOf,
} from "./report-answers.ts";
import { documentDetail, documentRow } from "./document-rows.ts";
import { contactDetail, contactRow, paymentRows, productRow, transactionRow } from "./rows.ts";

const USUAL_PER_PAGE = 15;
const MAX_PER_PAGE = 100;

export interface KledoAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What Kledo answers to a GET below /api/v1, of these books. */
export function answerKledo(books: Books, path: string, query: URLSearchParams): KledoAnswer {
  const [, list = "", id, more] = /^(.*?)(?:\/(\d+))?(?:\/(transactions))?$/.exec(path) ?? [];
  const kind = DOCUMENTS[path] ?? DOCUMENTS[list];
  if (kind !== undefined && id !== undefined && more === undefined)
    return detail(
      books.documents.find((doc) => doc.kind === kind && String(doc.id) === id),
      (doc) => documentDetail(books, doc),
    );
  if (list === "/finance/contacts" && id !== undefined) {
    const contact = books.contacts.find((each) => String(each.id) === id);
    if (more === undefined || contact === undefined)
      return detail(contact, (found) => contactDetail(books, found));
    return contactTransactions(books, contact.id, query);
  }
  if (list === "/finance/products" && id !== undefined)
    return detail(
      books.products.find((each) => String(each.id) === id),
      (product) => productRow(books, product, true),
    );
  if (kind !== undefined) return documentList(books, kind, query);
  return LISTS[path]?.(books, query) ?? missing();
}

const DOCUMENTS: Readonly<Record<string, DocKind>> = {
  "/finance/invoices": "invoice",
  "/finance/purchaseInvoices": "purchaseInvoice",
  "/finance/orders": "order",
  "/finance/purchaseOrders": "purchaseOrder",
  "/finance/deliveries": "delivery",
  "/finance/purchaseDeliveries": "purchaseDelivery",
  "/finance/quotes": "quote",
  "/finance/expenses": "expense",
};

type Answer = (books: Books, query: URLSearchParams) => KledoAnswer;

const LISTS: Readonly<Record<string, Answer>> = {
  "/finance/invoices/totals": (books, query) => ok(totalsOf(books, "invoice", query)),
  "/finance/purchaseInvoices/totals": (books, query) =>
    ok(totalsOf(books, "purchaseInvoice", query)),
  "/finance/products": (books, query) => {
    const [search, code] = [lower(query.get("search")), lower(query.get("code"))];
    const found = books.products.filter(
      (each) =>
        `${each.name} ${each.code}`.toLowerCase().includes(search) &&
        each.code.toLowerCase().includes(code),
    );
    const withStock = query.get("include_warehouse_qty") === "1";
    return page(found, query, (each) => productRow(books, each, withStock));
  },
  "/finance/contacts": (books, query) => {
    const search = lower(query.get("search"));
    const typeId = query.get("type_id");
    const found = books.contacts.filter(
      (each) =>
        `${each.name} ${each.company ?? ""} ${each.email}`.toLowerCase().includes(search) &&
        (typeId === null || String(each.typeId) === typeId),
    );
    return page(found, query, (each) => contactRow(books, each));
  },
  "/finance/accounts": (books, query) =>
    page(
      books.accounts.filter(({ name }) => name.toLowerCase().includes(lower(query.get("search")))),
      query,
      ({ id, name, code, category, balance }) => ({
        id,
        name,
        ref_code: code,
        finance_account_category_id: 1,
        finance_account_category: { id: 1, name: category },
        ...(query.get("include_balance") === "1" ? { balance } : {}),
      }),
    ),
  "/finance/bankTrans": (books, query) => {
    const bankId = query.get("bank_account_id");
    if (bankId === null) return invalid({ bank_account_id: ["Akun bank wajib diisi."] });
    const rows = books.documents
      .flatMap((doc) => paymentRows(books, doc))
      .filter((row) => String(row["bank_account_id"]) === bankId && isWithin(row, query))
      .toSorted(newestFirst);
    return page(rows, query, (row) => row);
  },
  "/banks": (books) => ok(books.banks.map(({ id, name, code }) => ({ id, name, ref_code: code }))),
  "/finance/bank/balances": (books) => ok(balances(books)),
  "/finance/units": (books, query) => page(books.units, query, (row) => row),
  "/finance/tags": (books, query) => page(books.tags, query, (row) => row),
  "/finance/warehouses": (books) => ok(books.warehouses),
  "/finance/contactGroups": (books) => ok(books.groups),
  "/finance/productCategories": (books) => ok(books.categories),
  "/reportings/activity-team": (books, query) => ok(activityTeam(books, query)),
  "/reportings/incomePerCustomer": (books, query) =>
    page(perContact(books, "invoice", query), query, (row) => row),
  "/reportings/purchasesPerVendor": (books, query) =>
    page(perContact(books, "purchaseInvoice", query), query, (row) => row),
  "/reportings/agedReceivable": (books, query) =>
    dated(query, "date") ?? page(aged(books, "invoice", query), query, (row) => row),
  "/reportings/agedPayable": (books, query) =>
    dated(query, "date") ?? page(aged(books, "purchaseInvoice", query), query, (row) => row),
  "/reportings/salesPerPerson": (books, query) => ok(perPerson(books, query)),
  "/reportings/profitLoss": (books, query) =>
    dated(query, "date_from", "date_to") ?? ok(profitLoss(books, query)),
  "/reportings/balanceSheet": (books, query) =>
    dated(query, "date") ?? ok(balanceSheet(books, query)),
  "/reportings/cashFlow": (books, query) =>
    dated(query, "method", "date_from", "date_to") ?? ok(cashFlow(books, query)),
  "/reportings/trialBalance": (books, query) => ok(balanceSheet(books, query)),
  "/reportings/executiveSummary": (books, query) => ok(profitLoss(books, query)),
  "/reportings/bankSummary": (books) => ok(balances(books)),
  "/reportings/salesPerProduct": (books, query) => ok(namedAmounts(books, query)),
  "/reportings/receivablePayable": (books, query) => ok(namedAmounts(books, query)),
};

function documentList(books: Books, kind: DocKind, query: URLSearchParams): KledoAnswer {
  const [search, contactId] = [lower(query.get("search")), query.get("contact_id")];
  const statusId = query.get("status_id");
  const nameOf = (doc: Doc) => books.contacts.find(({ id }) => id === doc.contactId)?.name ?? "";
  const found = books.documents
    .filter((doc) => doc.kind === kind)
    .filter((doc) => `${doc.number} ${doc.memo} ${nameOf(doc)}`.toLowerCase().includes(search))
    .filter((doc) => contactId === null || String(doc.contactId) === contactId)
    .filter((doc) => statusId === null || String(statusOf(doc)) === statusId)
    .filter((doc) => isWithin({ trans_date: doc.date }, query))
    .toSorted((one, other) =>
      one.date < other.date ? -1 : one.date > other.date ? 1 : one.id - other.id,
    );
  const ordered = query.get("order_by") === "desc" ? found.toReversed() : found;
  return page(ordered, query, (doc) => documentRow(books, doc));
}

function contactTransactions(books: Books, contactId: number, query: URLSearchParams): KledoAnswer {
  if (query.get("filter_date") === null)
    return invalid({ filter_date: ["Filter date wajib diisi."] });
  const docs = books.documents.filter(
    (doc) => doc.contactId === contactId && (query.get("due_only") !== "1" || sumsOf(doc).due > 0),
  );
  const rows = docs
    .map(transactionRow)
    .filter((row) => isWithin(row, query, query.get("filter_date") ?? "trans_date"))
    .toSorted(newestFirst);
  return page(rows, query, (row) => row);
}

type Row = Readonly<Record<string, unknown>>;

const isWithin = (row: Row, query: URLSearchParams, field = "trans_date"): boolean =>
  String(row[field]) >= (query.get("date_from") ?? "0000") &&
  String(row[field]) <= (query.get("date_to") ?? "9999");

const newestFirst = (one: Row, other: Row): number =>
  String(one["trans_date"]) < String(other["trans_date"]) ? 1 : -1;

const lower = (text: string | null): string => (text ?? "").toLowerCase();

const ok = (data: unknown): KledoAnswer => ({
  status: 200,
  body: { success: true, data, message: "Data berhasil diambil", time: 0 },
});

function page<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  toRow: (item: Item) => unknown,
): KledoAnswer {
  const asked = Number(query.get("per_page") ?? USUAL_PER_PAGE);
  const perPage = Math.min(Math.max(1, asked || USUAL_PER_PAGE), MAX_PER_PAGE);
  const current = Math.max(1, Number(query.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const shown = items.slice((current - 1) * perPage, current * perPage);
  return ok({
    current_page: current,
    data: shown.map(toRow),
    from: shown.length === 0 ? null : (current - 1) * perPage + 1,
    last_page: last,
    links: [],
    next_page_url: current < last ? `?page=${current + 1}` : null,
    path: "",
    per_page: perPage,
    prev_page_url: current > 1 ? `?page=${current - 1}` : null,
    to: shown.length === 0 ? null : (current - 1) * perPage + shown.length,
    total: items.length,
  });
}

const detail = <Item>(found: Item | undefined, toRow: (item: Item) => unknown): KledoAnswer =>
  found === undefined ? missing() : ok(toRow(found));

const missing = (): KledoAnswer => ({
  status: 404,
  body: { success: false, message: "Data tidak ditemukan" },
});

const invalid = (errors: Readonly<Record<string, readonly string[]>>): KledoAnswer => ({
  status: 422,
  body: { success: false, message: "Data yang diberikan tidak valid.", errors },
});

/** What is missing of the fields that a report wants. */
function dated(query: URLSearchParams, ...names: readonly string[]): KledoAnswer | null {
  const missed = names.filter((name) => query.get(name) === null);
  return missed.length === 0
    ? null
    : invalid(Object.fromEntries(missed.map((name) => [name, [`${name} wajib diisi.`]])));
}

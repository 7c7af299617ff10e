import { expect } from "vitest";
import type { Books, Doc, DocKind } from "../../src/servers/kledo/demo/books.ts";
import { statusOf, sumsOf } from "../../src/servers/kledo/demo/books.ts";

/** One call of a tool, and what its answer has to be, told by the books and not by the server. */
export interface KledoCase {
  readonly tool: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly expected: (books: Books) => unknown;
}

const rupiah = (amount: number): string => `${amount}.00`;
const of = (books: Books, kind: DocKind): readonly Doc[] =>
  books.documents.filter((doc) => doc.kind === kind);
const within = (docs: readonly Doc[], from: string, to: string): readonly Doc[] =>
  docs.filter(({ date }) => date >= from && date <= to);
const add = (docs: readonly Doc[], part: "subtotal" | "tax" | "total" | "due" | "paid"): number =>
  docs.reduce((all, doc) => all + sumsOf(doc)[part], 0);
const nameOf = (books: Books, id: number): string =>
  books.contacts.find((contact) => contact.id === id)?.name ?? "";
const first = (docs: readonly Doc[]): Doc => {
  const [doc] = docs;
  if (doc === undefined) throw new Error("There is no such document in the books");
  return doc;
};

/** Of the month of the books, which end on 2026-11-25. */
const NOVEMBER = ["2026-11-01", "2026-11-30"] as const;
const has = (fields: object): unknown => expect.objectContaining(fields);

const list = (tool: string, kind: DocKind): KledoCase => ({
  tool,
  given: { period: "2026-10", per_page: 3 },
  expected(books) {
    const docs = within(of(books, kind), "2026-10-01", "2026-10-31");
    return has({
      total: docs.length,
      documents: docs
        .toSorted((one, other) =>
          one.date < other.date ? 1 : one.date > other.date ? -1 : other.id - one.id,
        )
        .slice(0, 3)
        .map((doc) =>
          has({
            id: doc.id,
            number: doc.number,
            status_id: statusOf(doc),
            total: rupiah(sumsOf(doc).total),
            due: rupiah(sumsOf(doc).due),
            contact: { id: doc.contactId, name: nameOf(books, doc.contactId) },
          }),
        ),
    });
  },
});

/** The first of its kind: its id follows from how the books are made. */
const detail = (tool: string, idName: string, id: number): KledoCase => ({
  tool,
  given: { [idName]: id },
  expected(books) {
    const doc = first(books.documents.filter((each) => each.id === id));
    return has({
      number: doc.number,
      tax: rupiah(sumsOf(doc).tax),
      items: doc.items.map(({ productId, quantity, price }) =>
        has({ product_id: productId, quantity: String(quantity), price: rupiah(price) }),
      ),
      payments: doc.payments.map(({ date, amount }) => has({ date, amount: rupiah(amount) })),
    });
  },
});

const perContact = (tool: string, kind: DocKind): KledoCase => ({
  tool,
  given: { date_from: NOVEMBER[0], date_to: NOVEMBER[1] },
  expected: (books) =>
    has({ total: rupiah(add(within(of(books, kind), ...NOVEMBER), "subtotal")), is_whole: true }),
});

const totals = (tool: string, kind: DocKind): KledoCase => ({
  tool,
  given: { period: "bulan ini" },
  expected(books) {
    const docs = within(of(books, kind), ...NOVEMBER);
    return has({
      invoices: docs.length,
      subtotal: rupiah(add(docs, "subtotal")),
      tax: rupiah(add(docs, "tax")),
      total: rupiah(add(docs, "total")),
      due: rupiah(add(docs, "due")),
    });
  },
});

const aged = (tool: string, kind: DocKind): KledoCase => ({
  tool,
  given: {},
  expected: (books) => has({ date: "2026-11-25", total: rupiah(add(of(books, kind), "due")) }),
});

const report = (tool: string, line: string, amount: (books: Books) => number): KledoCase => ({
  tool,
  given: {},
  expected: (books) =>
    has({ lines: expect.arrayContaining([has({ name: line, amount: rupiah(amount(books)) })]) }),
});

const month = (books: Books, kind: DocKind, part: "subtotal" | "total" | "due" = "subtotal") =>
  add(within(of(books, kind), ...NOVEMBER), part);

const bankTotal = ({ banks, documents }: Books): number =>
  banks.reduce((all, { opening }) => all + opening, 0) +
  documents.reduce(
    (all, doc) => all + (doc.kind === "invoice" ? sumsOf(doc).paid : -sumsOf(doc).paid),
    0,
  );

/** Of the report of cash flow: what was received this month. */
const received = (books: Books): number =>
  of(books, "invoice")
    .flatMap(({ payments }) => payments)
    .filter(({ date }) => date >= NOVEMBER[0] && date <= NOVEMBER[1])
    .reduce((all, { amount }) => all + amount, 0);

export const KLEDO_CASES: readonly KledoCase[] = [
  {
    tool: "financial_activity_team_report",
    given: { date_from: "2026-11", date_to: "2026-11" },
    expected: (books) =>
      has({
        users: books.users.map(({ id }) =>
          has({
            user_id: id,
            total: within(books.documents, ...NOVEMBER).filter(({ salesId }) => salesId === id)
              .length,
          }),
        ),
      }),
  },
  perContact("financial_sales_summary", "invoice"),
  perContact("financial_purchase_summary", "purchaseInvoice"),
  {
    tool: "financial_bank_balances",
    given: {},
    expected: (books) => has({ total: rupiah(bankTotal(books)) }),
  },
  list("invoice_list_sales", "invoice"),
  detail("invoice_get_detail", "invoice_id", 1003),
  totals("invoice_get_totals", "invoice"),
  list("invoice_list_purchase", "purchaseInvoice"),
  detail("purchase_invoice_get_detail", "invoice_id", 1043),
  totals("purchase_invoice_get_totals", "purchaseInvoice"),
  list("order_list_sales", "order"),
  detail("order_get_detail", "order_id", 1001),
  list("order_list_purchase", "purchaseOrder"),
  detail("purchase_order_get_detail", "order_id", 1041),
  list("quote_list", "quote"),
  {
    tool: "product_list",
    given: { search: "kopi", include_inventory: true },
    expected: (books) =>
      has({
        products: books.products
          .filter(({ name }) => name.toLowerCase().includes("kopi"))
          .map(({ id, code, price, stock }) =>
            has({
              id,
              sku: code,
              sell_price: rupiah(price),
              warehouses: stock.map((count, at) => ({
                name: books.warehouses[at]?.name,
                quantity: String(count),
              })),
            }),
          ),
      }),
  },
  {
    tool: "product_get_detail",
    given: { product_id: 303 },
    expected: () =>
      has({ name: "Kopi Mandheling 1 kg", average_cost: "115250.00", quantity: "40" }),
  },
  {
    tool: "product_search_by_sku",
    given: { sku: "kms-1000" },
    expected: () => has({ id: 310, sku: "KMS-1000" }),
  },
  {
    tool: "contact_list",
    given: { type_id: 1 },
    expected: (books) =>
      has({
        total: books.contacts.filter(({ typeId }) => typeId === 1).length,
        contacts: books.contacts
          .filter(({ typeId }) => typeId === 1)
          .map(({ id }) =>
            has({
              id,
              types: ["vendor"],
              payable: rupiah(
                add(
                  of(books, "purchaseInvoice").filter(({ contactId }) => contactId === id),
                  "due",
                ),
              ),
            }),
          ),
      }),
  },
  {
    tool: "contact_get_detail",
    given: { contact_id: 102 },
    expected(books) {
      const own = of(books, "invoice").filter(({ contactId }) => contactId === 102);
      return has({
        name: nameOf(books, 102),
        receivable: rupiah(add(own, "due")),
        receivable_overdue: rupiah(
          add(
            own.filter(({ dueDate }) => dueDate < "2026-11-25"),
            "due",
          ),
        ),
      });
    },
  },
  {
    tool: "contact_get_transactions",
    given: { contact_id: 102, due_only: true },
    expected(books) {
      const open = books.documents.filter((doc) => doc.contactId === 102 && sumsOf(doc).due > 0);
      return has({ total: open.length });
    },
  },
  list("delivery_list", "delivery"),
  detail("delivery_get_detail", "delivery_id", 1002),
  {
    tool: "delivery_get_pending",
    given: {},
    expected(books) {
      const open = of(books, "delivery").filter(({ progress }) => progress === 5);
      return has({
        total: open.length,
        documents: expect.arrayContaining([has({ status: "open" })]),
      });
    },
  },
  list("purchase_delivery_list", "purchaseDelivery"),
  list("expense_list", "expense"),
  {
    tool: "account_list",
    given: { search: "modal", include_balance: true },
    expected: () => has({ accounts: [has({ name: "Modal Saham", balance: "100000000.00" })] }),
  },
  {
    tool: "bank_list",
    given: {},
    expected: (books) =>
      has({ banks: books.banks.map(({ id, name, code }) => ({ id, name, code })) }),
  },
  {
    tool: "bank_transactions_list",
    given: { bank_account_id: 2 },
    expected: (books) =>
      has({
        total: books.documents
          .flatMap(({ payments }) => payments)
          .filter(({ bankId }) => bankId === 2).length,
      }),
  },
  {
    tool: "supporting_list",
    given: { what: "product_categories" },
    expected: () =>
      has({ rows: expect.arrayContaining([{ id: 2, name: "Arabika", parent: "Kopi" }]) }),
  },
  report("report_profit_loss", "Pendapatan", (books) => month(books, "invoice")),
  report("report_balance_sheet", "Piutang Usaha", (books) => add(of(books, "invoice"), "due")),
  report("report_cash_flow", "Penerimaan dari pelanggan", received),
  aged("report_aged_receivable", "invoice"),
  aged("report_aged_payable", "purchaseInvoice"),
  {
    tool: "report_get",
    given: { report: "sales_per_person", period: "this_month" },
    expected: (books) =>
      has({
        lines: expect.arrayContaining([
          has({
            name: "Sari Lestari",
            amount: rupiah(
              add(
                within(of(books, "invoice"), ...NOVEMBER).filter(({ salesId }) => salesId === 13),
                "total",
              ),
            ),
          }),
        ]),
      }),
  },
  {
    tool: "analytics_revenue",
    given: { period: "tahun ini" },
    expected(books) {
      const docs = within(of(books, "invoice"), "2026-01-01", "2026-12-31");
      const paid = docs.filter((doc) => statusOf(doc) === 3);
      return has({
        invoices: docs.length,
        net: rupiah(add(docs, "subtotal")),
        gross: rupiah(add(docs, "total")),
        received: rupiah(add(docs, "paid")),
        outstanding: rupiah(add(docs, "due")),
        paid_in_full: rupiah(add(paid, "total")),
        odd_invoices: 0,
      });
    },
  },
  {
    tool: "analytics_outstanding",
    given: {},
    expected(books) {
      const open = of(books, "invoice").filter((doc) => sumsOf(doc).due > 0);
      const late = open.filter(({ dueDate }) => dueDate < "2026-11-25");
      return has({
        invoices: open.length,
        total: rupiah(add(open, "due")),
        overdue: rupiah(add(late, "due")),
      });
    },
  },
  {
    tool: "analytics_ageing",
    given: { side: "purchases" },
    expected: (books) => has({ total: rupiah(add(of(books, "purchaseInvoice"), "due")) }),
  },
  {
    tool: "analytics_top_customers",
    given: { period: "2026", limit: 1 },
    expected(books) {
      const docs = within(of(books, "invoice"), "2026-01-01", "2026-12-31");
      const sums = [...Map.groupBy(docs, ({ contactId }) => contactId)].map(([id, own]) => ({
        id,
        total: add(own, "total"),
      }));
      const [top] = sums.toSorted((one, other) => other.total - one.total);
      return has({
        total: rupiah(add(docs, "total")),
        customers: sums.length,
        top: [has({ contact_id: top?.id, revenue: rupiah(top?.total ?? 0) })],
      });
    },
  },
  {
    tool: "analytics_trends",
    given: { unit: "month" },
    expected(books) {
      const october = within(of(books, "invoice"), "2026-10-01", "2026-10-31");
      const september = within(of(books, "invoice"), "2026-09-01", "2026-09-30");
      const change = (add(october, "total") / add(september, "total") - 1) * 100;
      return has({
        from: "2025-12-01",
        points: expect.arrayContaining([
          has({
            name: "2026-10",
            gross: rupiah(add(october, "total")),
            change: expect.closeTo(change, 1),
          }),
        ]),
      });
    },
  },
  {
    tool: "analytics_compare",
    given: { period_a: "2026-11", period_b: "2026-10" },
    expected: (books) =>
      has({
        a: has({ gross: rupiah(month(books, "invoice", "total")) }),
        b: has({
          gross: rupiah(add(within(of(books, "invoice"), "2026-10-01", "2026-10-31"), "total")),
        }),
      }),
  },
  { tool: "utility_test_connection", given: {}, expected: () => has({ is_connected: true }) },
  {
    tool: "utility_get_cache_stats",
    given: {},
    expected: () => has({ enabled: true, max_size: 1000 }),
  },
  {
    tool: "utility_clear_cache",
    given: {},
    expected: () => ({ cleared: expect.any(Number) }),
  },
];

import { addDays, addMonths, type Day } from "../days.ts";
import { sumsOf, type Books, type Doc, type DocKind, type Item } from "./books.ts";
import {
  ACCOUNTS,
  BANKS,
  CATEGORIES,
  CONTACTS,
  GROUPS,
  PRODUCTS,
  TAGS,
  UNITS,
  USERS,
  WAREHOUSES,
} from "./people-and-things.ts";

const MONTHS = 14;
const INVOICES_A_MONTH = 9;
const TAX_PERCENT = 11;

/**
 * Made-up books of a shop for coffee and what goes with it, up to today. Always the same for the same day: chance is a
 * sequence of numbers that begins with 1.
 */
export function makeBooks(today: Day): Books {
  const chance = sequence();
  const documents: Doc[] = [];
  const customers = CONTACTS.filter(({ typeId }) => typeId === 3);
  const vendors = CONTACTS.filter(({ typeId }) => typeId === 1);
  let nextId = 1000;

  const add = (
    kind: DocKind,
    date: Day,
    parts: {
      readonly contactId: number;
      readonly items: readonly Item[];
      readonly progress?: number;
      readonly relatedId?: number;
    },
  ): Doc => {
    nextId += 1;
    const count = documents.filter((doc) => doc.kind === kind).length + 1;
    const doc: Doc = {
      id: nextId,
      kind,
      number: `${PREFIXES[kind]}/${String(count).padStart(5, "0")}`,
      date,
      dueDate: addDays(date, chance(2) === 0 ? 14 : 30),
      contactId: parts.contactId,
      salesId: USERS[chance(USERS.length)]?.id ?? 1,
      memo: MEMOS[chance(MEMOS.length)] ?? "",
      items: parts.items,
      payments: [],
      progress: parts.progress ?? 5,
      relatedId: parts.relatedId ?? null,
    };
    documents.push(doc);
    return doc;
  };
  const items = (isSale: boolean): readonly Item[] =>
    Array.from({ length: 1 + chance(4) }, () => {
      const product = PRODUCTS[chance(PRODUCTS.length)] ?? PRODUCTS[0];
      if (product === undefined) throw new Error("There are no products");
      return {
        productId: product.id,
        quantity: 1 + chance(20),
        price: isSale ? product.price : product.cost,
        taxPercent: chance(5) === 0 ? 0 : TAX_PERCENT,
      };
    });
  /** Old ones are mostly paid; of the young many are open, and some are paid in part. */
  const pay = (doc: Doc): void => {
    const age = (Date.parse(today) - Date.parse(doc.date)) / 86_400_000;
    const kind = chance(10);
    const { total } = sumsOf(doc);
    const amount =
      age > 60 && kind > 0 ? total : kind < 4 ? total : kind < 6 ? Math.floor(total / 2) : 0;
    const date = addDays(doc.date, 3 + chance(20));
    if (amount === 0 || date > today) return;
    nextId += 1;
    doc.payments = [{ id: nextId, date, amount, bankId: BANKS[chance(BANKS.length)]?.id ?? 1 }];
  };
  const pick = (from: readonly { readonly id: number }[]): number =>
    from[Math.min(chance(from.length), chance(from.length))]?.id ?? 0;

  for (let month = MONTHS - 1; month >= 0; month -= 1) {
    const first = `${addMonths(`${today.slice(0, 7)}-01`, -month).slice(0, 7)}-01`;
    const dayIn = (): Day => addDays(first, chance(28));
    const dates = (count: number) =>
      Array.from({ length: count }, dayIn)
        .filter((date) => date <= today)
        .toSorted();
    for (const date of dates(INVOICES_A_MONTH)) {
      const contactId = pick(customers);
      const sold = items(true);
      const order = add("order", date, { contactId, items: sold, progress: 5 + chance(3) });
      const progress = order.progress === 5 ? 5 : 7;
      add("delivery", date, { contactId, items: sold, progress, relatedId: order.id });
      pay(add("invoice", date, { contactId, items: sold, relatedId: order.id }));
    }
    for (const date of dates(3)) {
      const contactId = pick(vendors);
      const bought = items(false);
      const order = add("purchaseOrder", date, { contactId, items: bought, progress: 7 });
      add("purchaseDelivery", date, { contactId, items: bought, progress: 7, relatedId: order.id });
      pay(add("purchaseInvoice", date, { contactId, items: bought, relatedId: order.id }));
    }
    for (const date of dates(2)) {
      add("quote", date, { contactId: pick(customers), items: items(true) });
      const price = 250_000 + chance(40) * 25_000;
      const rent = { productId: 0, quantity: 1, price, taxPercent: 0 };
      pay(add("expense", date, { contactId: pick(vendors), items: [rent] }));
    }
  }
  return {
    today,
    users: USERS,
    contacts: [...CONTACTS],
    products: PRODUCTS,
    documents,
    banks: BANKS,
    accounts: ACCOUNTS,
    units: UNITS,
    tags: TAGS,
    warehouses: WAREHOUSES,
    categories: CATEGORIES,
    groups: GROUPS,
  };
}

const PREFIXES: Readonly<Record<DocKind, string>> = {
  invoice: "INV",
  purchaseInvoice: "PI",
  order: "SO",
  purchaseOrder: "PO",
  delivery: "SD",
  purchaseDelivery: "PD",
  quote: "QU",
  expense: "EXP",
};

const MEMOS = ["", "", "Kirim pagi", "Bayar di tempat", "Langganan bulanan", "Pesanan khusus"];

/** Numbers that look like chance: a linear congruence, https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function sequence(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

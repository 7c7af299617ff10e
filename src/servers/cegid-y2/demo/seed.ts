import { toText, toUnits } from "../decimal.ts";
import type { DocumentType } from "../document-id.ts";
import { CATEGORIES, CUSTOMERS, ITEMS, STORES } from "./seed-data.ts";
import { stockKey, type Books, type Customer, type Item, type SaleDocument } from "./state.ts";

/** Y2 makes ids so wide. */
const ID_WIDTH = 34;
const RECEIPTS = 60;
const DAY_MS = 86_400_000;

/** The same shops each time; only the days move with the clock. Made up from beginning to end. */
export function seedBooks(now: Date): Books {
  const items = ITEMS.map(toItem);
  const customers = CUSTOMERS.map(toCustomer);
  const books: Books = {
    stores: STORES,
    items,
    categories: CATEGORIES,
    customers: new Map(customers.map((customer) => [customer.id, customer])),
    cards: new Map(),
    documents: [],
    transfers: [],
    stock: new Map(),
    carts: new Map(),
  };
  for (const [at, { barcode }] of items.entries())
    for (const [place, { id }] of STORES.entries())
      books.stock.set(stockKey(id, barcode), toText(BigInt((at * 7 + place * 5) % 13) * 10n ** 8n));
  for (const [at, { id, creationStoreId }] of customers.entries())
    if (at % 2 === 0)
      books.cards.set(`FID${String(1000 + at)}`, {
        id: `FID${String(1000 + at)}`,
        customerId: id,
        storeId: creationStoreId,
        programId: at % 4 === 0 ? "GOLD" : "SILVER",
        points: toText(BigInt(at * 35 + 20) * 10n ** 8n),
        isClosed: false,
      });
  seedDocuments(books, now);
  return books;
}

function toItem(
  [code, description, category, whom, price, size, colour]: (typeof ITEMS)[number],
  at: number,
): Item {
  return {
    code,
    id: `${`${code}${size}${at}`.toUpperCase().padEnd(ID_WIDTH - 1)}X`,
    barcode: `37000000${String(at + 1).padStart(5, "0")}`,
    description,
    details: `${colour}, ${size}`,
    categories: [category, whom],
    collection: at % 3 === 0 ? "PE26" : "AH26",
    supplier: `SUP${(at % 4) + 1}`,
    price,
    size,
    colour,
    isClosed: at === 19,
  };
}

function toCustomer([first, last, city, zip, country]: (typeof CUSTOMERS)[number], at: number) {
  const name = `${first}.${last}`
    .normalize("NFD")
    .replaceAll(/[^A-Za-z.]/g, "")
    .toLowerCase();
  const customer: Customer = {
    id: `WEB${String(at + 1).padStart(6, "0")}`,
    reference: at < 5 ? `SHOP-${at + 1}` : null,
    creationStoreId: STORES[country === "CHE" ? 2 : at % 2]?.id ?? "",
    lastUpdate: "2026-01-15T10:30:00",
    isClosed: at === 14,
    values: new Map([
      ["FirstName", first],
      ["LastName", last],
      ["IsCompany", String(last.includes("fils"))],
      ["AddressData.AddressLine1", `${at + 3} rue des Tilleuls`],
      ["AddressData.City", city],
      ["AddressData.CountryId", country],
      ["AddressData.ZipCode", zip],
      ["EmailData.Email", `${name}@example.com`],
      ["PhoneData.CellularPhoneNumber", `+3360000${String(at + 1).padStart(4, "0")}`],
      ["LanguageId", "FRA"],
      ["CurrencyId", country === "CHE" ? "CHF" : "EUR"],
    ]),
  };
  return customer;
}

const OTHERS: readonly (readonly [DocumentType, number])[] = [
  ["CustomerOrder", 8],
  ["CustomersReservation", 4],
  ["AvailableOrder", 2],
  ["CustomerDelivery", 3],
  ["ReturnNotice", 2],
  ["ReceiptOnHold", 1],
  ["DeliveryPreparation", 1],
  ["CustomerReservationRequest", 1],
];

/** Three months of receipts, and some of every other type. */
function seedDocuments(books: Books, now: Date): void {
  for (let at = 0; at < RECEIPTS; at += 1)
    books.documents.push(seeded(books, "Receipt", at, new Date(now.getTime() - at * 1.5 * DAY_MS)));
  for (const [type, count] of OTHERS)
    for (let at = 0; at < count; at += 1)
      books.documents.push(seeded(books, type, at, new Date(now.getTime() - at * 4 * DAY_MS)));
}

function seeded(books: Books, type: DocumentType, at: number, day: Date): SaleDocument {
  const store = books.stores[at % 7 === 6 ? 2 : at % 2];
  const customer = [...books.customers.values()][(at * 3) % books.customers.size];
  const lines = [0, 1].slice(0, (at % 2) + 1).flatMap((more) => {
    const item = books.items[(at * 5 + more * 3) % books.items.length];
    if (!item) return [];
    const net = at % 5 === 0 ? tenth(item.price) : item.price;
    return [
      { ...blank, item, quantity: String((at % 3) + 1), unitPrice: item.price, netUnitPrice: net },
    ];
  });
  const currency = store?.currency ?? "EUR";
  const isCancelled = type === "Receipt" && at % 20 === 19;
  const total = lines.reduce(
    (sum, line) => sum + toUnits(line.netUnitPrice) * BigInt(line.quantity),
    0n,
  );
  return {
    type,
    stump: store?.id ?? "",
    number: at + 1,
    date: `${day.toISOString().slice(0, 10)}T${String(10 + (at % 9)).padStart(2, "0")}:15:00`,
    storeId: store?.id ?? "",
    warehouseId: store?.warehouseId ?? "",
    customerId: at % 4 === 3 ? null : (customer?.id ?? null),
    currency,
    lines,
    payments:
      type === "Receipt"
        ? [
            {
              methodId: at % 3 === 0 ? "ESP" : "CB",
              amount: toText(total),
              currency,
              dueDate: null,
            },
          ]
        : [],
    status: isCancelled ? "Canceled" : type === "Receipt" ? "Recovered" : "InProgress",
    isActive: type !== "Receipt",
    isLocked: false,
    internalReference: `INT-${type.slice(0, 3).toUpperCase()}-${at + 1}`,
    externalReference: type === "CustomerOrder" ? `WEB-${5000 + at}` : null,
    salesPersonId: `V0${(at % 3) + 1}`,
    comment: at % 6 === 0 ? "Gift wrapping" : null,
    cancelReason: isCancelled ? "ERR" : null,
    omni: new Map(type === "CustomerOrder" ? [["FollowUpStatus", "Validated"]] : []),
    addresses: new Map(),
  };
}

const blank = { label: null, serialNumber: null, comment: null };

/** A tenth less, in whole cents. */
const tenth = (price: string): string => {
  const cents = (toUnits(price) * 9n) / 10n / 1_000_000n;
  return toText(cents * 1_000_000n);
};

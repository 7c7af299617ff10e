import type { Day } from "../days.ts";

/** The books of one company, as far as Kledo's answers show them. Amounts are whole rupiah. */
export interface Books {
  readonly today: Day;
  readonly users: readonly Named[];
  readonly contacts: Contact[];
  readonly products: readonly Product[];
  readonly documents: Doc[];
  readonly banks: readonly Bank[];
  readonly accounts: readonly Account[];
  readonly units: readonly Named[];
  readonly tags: readonly Named[];
  readonly warehouses: readonly Named[];
  readonly categories: readonly Category[];
  readonly groups: readonly Named[];
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

export interface Category extends Named {
  readonly children: readonly Named[];
}

export interface Contact extends Named {
  readonly company: string | null;
  /** 1 vendor, 3 customer. */
  readonly typeId: number;
  readonly groupId: number;
  readonly email: string;
  readonly phone: string;
  readonly address: string;
}

export interface Product extends Named {
  readonly code: string;
  readonly price: number;
  readonly cost: number;
  readonly unitId: number;
  readonly categoryId: number;
  readonly isTracked: boolean;
  /** By warehouse. */
  readonly stock: readonly number[];
}

export interface Bank extends Named {
  readonly code: string;
  /** Before anything that stands in these books. */
  readonly opening: number;
}

export interface Account extends Named {
  readonly code: string;
  readonly category: string;
  readonly balance: number;
}

export type DocKind =
  | "invoice"
  | "purchaseInvoice"
  | "order"
  | "purchaseOrder"
  | "delivery"
  | "purchaseDelivery"
  | "quote"
  | "expense";

export interface Item {
  readonly productId: number;
  readonly quantity: number;
  readonly price: number;
  readonly taxPercent: number;
}

export interface Payment {
  readonly id: number;
  readonly date: Day;
  readonly amount: number;
  readonly bankId: number;
}

export interface Doc {
  readonly id: number;
  readonly kind: DocKind;
  readonly number: string;
  readonly date: Day;
  readonly dueDate: Day;
  readonly contactId: number;
  readonly salesId: number;
  readonly memo: string;
  readonly items: readonly Item[];
  payments: readonly Payment[];
  /** Of orders and deliveries; that of an invoice follows from its payments. */
  readonly progress: number;
  /** The document that it was made of. */
  readonly relatedId: number | null;
}

/** Half a rupiah is one. */
const taxOf = ({ quantity, price, taxPercent }: Item): number =>
  Math.floor((quantity * price * taxPercent + 50) / 100);

export interface Sums {
  readonly subtotal: number;
  readonly tax: number;
  readonly total: number;
  readonly paid: number;
  readonly due: number;
}

export function sumsOf({ items, payments, kind }: Doc): Sums {
  const subtotal = items.reduce((all, { quantity, price }) => all + quantity * price, 0);
  const tax = items.reduce((all, item) => all + taxOf(item), 0);
  const paid = payments.reduce((all, { amount }) => all + amount, 0);
  const total = subtotal + tax;
  const isBill = kind === "invoice" || kind === "purchaseInvoice" || kind === "expense";
  return { subtotal, tax, total, paid, due: isBill ? total - paid : 0 };
}

export const itemSums = (item: Item): { readonly amount: number; readonly tax: number } => ({
  amount: item.quantity * item.price,
  tax: taxOf(item),
});

/** 1 unpaid, 2 partially paid, 3 paid; 5 open, 6 partly, 7 closed. */
export function statusOf(doc: Doc): number {
  const { due, paid } = sumsOf(doc);
  if (!["invoice", "purchaseInvoice", "expense"].includes(doc.kind)) return doc.progress;
  if (due === 0) return 3;
  return paid > 0 ? 2 : 1;
}

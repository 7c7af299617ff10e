import type { Asker, KledoApi } from "../api/client.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { documentRow, type DocumentRow } from "../api/wire.ts";
import type { Day } from "../days.ts";
import { atRate, toMoney, type Money } from "../money.ts";

/** An invoice, of sales or of purchases, in the books' own currency. */
export interface Bill {
  readonly id: number;
  readonly number: string;
  readonly date: Day;
  /** The day of the bill where none is said. */
  readonly dueDate: Day;
  readonly contactId: number;
  readonly contactName: string;
  readonly statusId: number;
  readonly subtotal: Money;
  readonly tax: Money;
  readonly total: Money;
  readonly due: Money;
}

export interface Bills {
  readonly bills: readonly Bill[];
  /** False when there are more than were read. */
  readonly isWhole: boolean;
}

export interface WhichBills {
  readonly side: "sales" | "purchases";
  readonly from?: Day;
  readonly to?: Day;
  readonly statusId?: number;
  readonly contactId?: number | undefined;
}

/** All bills of a time, from every page, each once. */
export async function readBills(
  api: KledoApi,
  asker: Asker,
  { side, from, to, statusId, contactId }: WhichBills,
): Promise<Bills> {
  const path = side === "sales" ? ENDPOINTS.invoices.list : ENDPOINTS.purchaseInvoices.list;
  const kind = side === "sales" ? "invoices" : "purchase_invoices";
  const query = {
    date_from: from,
    date_to: to,
    status_id: statusId,
    contact_id: contactId,
    sort_by: "trans_date",
    order_by: "asc",
  };
  const { rows, isWhole } = await api.all(asker, { kind, path, query }, documentRow);
  // Somebody may write a bill while pages are turned: then one stands on two of them.
  const unique = new Map(rows.map((row) => [row.id, row]));
  return { bills: [...unique.values()].map(toBill), isWhole };
}

export function toBill(row: DocumentRow): Bill {
  const own = (amount: Money): Money => atRate(amount, row.currency_rate);
  const total = own(row.amount_after_tax);
  const { subtotal, tax } = partsOf(row);
  return {
    id: row.id,
    number: row.ref_number ?? "",
    date: row.trans_date,
    dueDate: row.due_date ?? row.trans_date,
    contactId: row.contact_id ?? row.contact?.id ?? 0,
    contactName: row.contact?.name ?? "",
    statusId: row.status_id,
    subtotal,
    tax,
    total,
    due: own(row.due),
  };
}

/** Before tax and tax, in the books' own currency, of whatever the row says. */
export function partsOf(row: DocumentRow): { readonly subtotal: Money; readonly tax: Money } {
  const own = (amount: Money): Money => atRate(amount, row.currency_rate);
  const total = own(row.amount_after_tax);
  const subtotal = row.subtotal === null ? (row.amount ?? total) : own(row.subtotal);
  return { subtotal, tax: row.total_tax === null ? total - subtotal : own(row.total_tax) };
}

/** A rupiah: what rounding of tax may cost. */
const TOLERANCE = toMoney(1) ?? 0n;

/** Bills whose parts do not add up to their total. They are counted all the same, and told. */
export const oddOnes = (bills: readonly Bill[]): readonly Bill[] =>
  bills.filter(({ subtotal, tax, total }) => {
    const difference = subtotal + tax - total;
    return difference > TOLERANCE || difference < -TOLERANCE;
  });

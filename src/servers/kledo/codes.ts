/** What Kledo's numbers mean. */
const STATUSES: Readonly<Record<number, string>> = {
  1: "unpaid",
  2: "partially paid",
  3: "paid",
  5: "open",
  6: "partially delivered",
  7: "closed",
  31: "payment",
  111: "waiting for approval",
  112: "rejected",
};

const CONTACT_TYPES: Readonly<Record<number, string>> = {
  1: "vendor",
  2: "employee",
  3: "customer",
  4: "other",
  5: "investor",
};

const TRANSACTION_TYPES: Readonly<Record<number, string>> = {
  2: "purchase order",
  3: "purchase invoice",
  4: "quote",
  5: "sales invoice",
  6: "sales order",
  7: "delivery",
  8: "purchase delivery",
  15: "expense payment",
  16: "purchase payment",
  17: "invoice payment",
  63: "purchase quote",
  97: "proforma order",
  98: "proforma invoice",
  240: "joined purchase invoice",
  250: "joined sales invoice",
};

/** Of a document: unpaid, partially paid, paid; of an order or a delivery: open, partly, closed. */
export const INVOICE = { unpaid: 1, partlyPaid: 2, paid: 3 } as const;
export const DELIVERY_OPEN = 5;

export const statusName = (id: number): string => STATUSES[id] ?? `status ${id}`;
export const contactTypeName = (id: number): string => CONTACT_TYPES[id] ?? `type ${id}`;
export const transactionTypeName = (id: number): string => TRANSACTION_TYPES[id] ?? `type ${id}`;

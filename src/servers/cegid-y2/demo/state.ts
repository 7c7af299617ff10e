import type { DocumentType } from "../document-id.ts";

/** What the demo's shops know. Amounts are decimal texts, times are those of the shop. */
export interface Store {
  readonly id: string;
  readonly name: string;
  readonly warehouseId: string;
  readonly currency: string;
}

export interface Item {
  /** Without size and colour. */
  readonly code: string;
  /** As wide as Y2 makes it, with an X at its end. */
  readonly id: string;
  readonly barcode: string;
  readonly description: string;
  readonly details: string;
  readonly categories: readonly string[];
  readonly collection: string;
  readonly supplier: string;
  readonly price: string;
  readonly size: string;
  readonly colour: string;
  readonly isClosed: boolean;
}

export interface Customer {
  readonly id: string;
  readonly reference: string | null;
  /** Fields of Y2's own names, by class path: "EmailData.Email". */
  readonly values: Map<string, string>;
  readonly creationStoreId: string;
  lastUpdate: string;
  isClosed: boolean;
}

export interface Card {
  readonly id: string;
  readonly customerId: string;
  readonly storeId: string;
  programId: string;
  points: string;
  isClosed: boolean;
}

export interface DocumentLine {
  readonly item: Item;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly netUnitPrice: string;
  readonly label: string | null;
  readonly serialNumber: string | null;
  readonly comment: string | null;
}

export interface Payment {
  readonly methodId: string;
  readonly amount: string;
  readonly currency: string;
  readonly dueDate: string | null;
}

export interface SaleDocument {
  readonly type: DocumentType;
  readonly stump: string;
  readonly number: number;
  readonly date: string;
  readonly storeId: string;
  readonly warehouseId: string;
  readonly customerId: string | null;
  readonly currency: string;
  readonly lines: readonly DocumentLine[];
  payments: readonly Payment[];
  status: string;
  isActive: boolean;
  isLocked: boolean;
  internalReference: string;
  externalReference: string | null;
  salesPersonId: string | null;
  comment: string | null;
  cancelReason: string | null;
  /** Fields of `OmniChannel`, by name. */
  readonly omni: Map<string, string>;
  /** Fields of both addresses: "DeliveryAddress.City". */
  readonly addresses: Map<string, string>;
}

export interface Transfer {
  readonly number: number;
  readonly stump: string;
  readonly from: string;
  readonly to: string;
  readonly reference: string;
  readonly lines: readonly { readonly barcode: string; readonly quantity: string }[];
}

export interface Books {
  readonly stores: readonly Store[];
  readonly items: readonly Item[];
  readonly customers: Map<string, Customer>;
  readonly cards: Map<string, Card>;
  readonly documents: SaleDocument[];
  readonly transfers: Transfer[];
  /** `STORE BARCODE` to pieces. */
  readonly stock: Map<string, string>;
  /** `WAREHOUSE BARCODE` to pieces held for carts. */
  readonly carts: Map<string, string>;
  readonly categories: ReadonlyMap<
    string,
    readonly { readonly id: string; readonly name: string }[]
  >;
}

export const stockKey = (storeId: string, barcode: string): string => `${storeId} ${barcode}`;

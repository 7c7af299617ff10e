import { z } from "zod";
import { Failure } from "../kit/failure.ts";
import { fields, type Fields } from "./soap/value.ts";
import { textAt, type XmlNode } from "./soap/xml-node.ts";
import { decoded } from "./uri-part.ts";

const DOCUMENT_TYPES = [
  "ReturnNotice",
  "CustomerDelivery",
  "CustomerOrder",
  "AvailableOrder",
  "CustomerReservationRequest",
  "ReceiptOnHold",
  "Receipt",
  "DeliveryPreparation",
  "CustomersReservation",
] as const;

export const documentType = z.enum(DOCUMENT_TYPES);
export type DocumentType = z.output<typeof documentType>;

/** What Y2 knows a document by. It spells the second "Stump" or "Stub". */
export interface DocumentKey {
  readonly type: DocumentType;
  readonly stump: string;
  readonly number: string;
}

export const documentIdIn = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .describe("Type/Stump/Number as lists give it, such as Receipt/FFO001/123");

/** "Receipt/FFO001/123"; in addresses also with colons, or with its slashes written as %2F. */
export function toKey(id: string): DocumentKey {
  const parts = decoded(id).split(/[/:]/);
  const type = documentType.safeParse(parts[0]);
  const [, stump = "", number = ""] = parts;
  const isWhole = parts.length === 3 && /^[\w .-]{1,40}$/.test(stump) && /^\d{1,10}$/.test(number);
  if (type.success && isWhole) return { type: type.data, stump: stump.trim(), number };
  throw new Failure("INVALID_ARGUMENT", "That is not the id of a document.", {
    hint: `It is Type/Stump/Number, such as Receipt/FFO001/123, with one of these types: ${DOCUMENT_TYPES.join(", ")}.`,
  });
}

export const toId = ({ type, stump, number }: DocumentKey): string => `${type}/${stump}/${number}`;

export const keyFields = ({ type, stump, number }: DocumentKey): Fields =>
  fields({ Number: number, Stump: stump, Type: type });

/** `<Identifier><Key>…`, as all that changes a document wants it. */
export const identifier = (key: DocumentKey): Fields => fields({ Key: keyFields(key) });

/** The id of a document in an answer. Throws SCHEMA_MISMATCH when it has none. */
export function idAt(key: XmlNode | null): string {
  const type = textAt(key, "Type");
  const stump = textAt(key, "Stump") ?? textAt(key, "Stub");
  const number = textAt(key, "Number");
  if (type && stump && number) return `${type}/${stump}/${number}`;
  throw new Failure("SCHEMA_MISMATCH", "Cegid Y2 answered with a document without its key.");
}

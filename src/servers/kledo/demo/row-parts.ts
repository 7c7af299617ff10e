import type { Contact, DocKind } from "./books.ts";

export type Row = Readonly<Record<string, unknown>>;

export const TYPE_IDS: Readonly<Record<DocKind, number>> = {
  invoice: 5,
  purchaseInvoice: 3,
  order: 6,
  purchaseOrder: 2,
  delivery: 7,
  purchaseDelivery: 8,
  quote: 4,
  expense: 15,
};

export const byId = <Item extends { readonly id: number }>(list: readonly Item[], id: number) =>
  list.find((each) => each.id === id);

/** "1500000.00000": how amounts look within other rows. */
export const decimalText = (amount: number): string => `${amount}.00000`;

/** As documents show a contact. */
export const contactHead = (contact: Contact): Row => ({
  id: contact.id,
  name: contact.name,
  email: contact.email,
  phone: contact.phone,
  company: contact.company,
  address: contact.address,
  country_id: 1,
  group_id: contact.groupId,
  type_ids: [contact.typeId],
  npwp: null,
});

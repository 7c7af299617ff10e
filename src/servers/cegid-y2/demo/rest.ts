import { toUnits } from "../decimal.ts";
import type { Books, SaleDocument } from "./state.ts";

type Query = Readonly<Record<string, string | undefined>>;

/** One white pixel. */
const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

/** What the JSON services answer; null where there is no such thing. */
export function restAnswer(books: Books, path: string, query: Query): unknown {
  const [first = "", id = "", what] = path.split("/").map(decodeURIComponent);
  if (first === "customer-documents") return customerDocuments(books, "CustomerOrder", query);
  if (first === "customer-reservations") return reservations(books, query);
  if (first === "customers" && what === "addresses") return addresses(books, id);
  return null;
}

export const pictureOf = (books: Books, path: string): string | null => {
  const code = decodeURIComponent(path.split("/")[1] ?? "");
  return books.items.some((item) => item.code === code) ? PICTURE : null;
};

function customerDocuments(books: Books, type: SaleDocument["type"], query: Query) {
  const { customerId, storeId, active } = query;
  const found = books.documents
    .filter((one) => one.type === type)
    .filter((one) => customerId === undefined || one.customerId === customerId)
    .filter((one) => storeId === undefined || one.storeId === storeId)
    .filter((one) => active !== "true" || one.isActive);
  const [index, size] = [
    Number(query["paging.pageIndex"] ?? 1),
    Number(query["paging.pageSize"] ?? 100),
  ];
  return found.slice((index - 1) * size, index * size).map((one) => toJson(books, one));
}

function reservations(books: Books, query: Query) {
  const [from, to] = ["startDate", "endDate"].map((name) =>
    query[`searchDate.${name}`]?.split("/").toReversed().join("-"),
  );
  return books.documents
    .filter(({ type }) => type === "CustomersReservation")
    .filter((one) => query["customerId"] === undefined || one.customerId === query["customerId"])
    .filter(({ date }) => from === undefined || date.slice(0, 10) >= from)
    .filter(({ date }) => to === undefined || date.slice(0, 10) <= to)
    .map((one) => toJson(books, one));
}

const toJson = (books: Books, one: SaleDocument) => {
  const customer = books.customers.get(one.customerId ?? "");
  return {
    header: {
      active: one.isActive,
      customer: {
        id: one.customerId,
        firstName: customer?.values.get("FirstName"),
        lastName: customer?.values.get("LastName"),
      },
      documentDate: one.date,
      documentKey: { number: one.number, stub: one.stump, type: one.type },
      omniChannel: { followUpStatus: one.omni.get("FollowUpStatus") },
      references: { external: one.externalReference, internal: one.internalReference },
      storeId: one.storeId,
    },
    lines: one.lines.map((line, at) => ({
      active: true,
      description: line.label ?? line.item.description,
      id: String(at + 1),
      item: { barcode: line.item.barcode, code: line.item.code, id: line.item.id },
      quantities: {
        quantity: Number(toUnits(line.quantity)) / 1e8,
        remaining: Number(toUnits(line.quantity)) / 1e8,
      },
      rank: at + 1,
      type: "Item",
      warehouseId: one.warehouseId,
    })),
  };
};

function addresses(books: Books, id: string) {
  const values = books.customers.get(id)?.values;
  if (!values) return null;
  return [
    {
      city: values.get("AddressData.City"),
      countryId: values.get("AddressData.CountryId"),
      zipCode: values.get("AddressData.ZipCode"),
      phoneNumber: values.get("PhoneData.CellularPhoneNumber"),
      lines: [{ id: "1", value: values.get("AddressData.AddressLine1") }],
      types: ["DeliveryAddress", "BillingAddress"],
    },
  ];
}

import { fields, items, type Value } from "../soap/value.ts";
import { find, textAt, type XmlNode } from "../soap/xml-node.ts";
import { BookFault } from "./fault.ts";
import { flatten, unflatten } from "./flatten.ts";
import type { Books, Customer } from "./state.ts";

type Handler = (books: Books, request: XmlNode, at: { readonly now: () => string }) => Value;

/** Criteria that are no field of the customer. */
const APART = new Set([
  "MaxNumberOfCustomers",
  "IsCustomer",
  "CustomerReference",
  "CreationStoreId",
  "Closed",
]);

/** `ICustomerWcfService`. */
export const customers: Readonly<Record<string, Handler>> = {
  GetCustomerDetail: (books, request) => toData(known(books, textAt(request, "customerId"))),
  GetCustomerIdByReference(books, request) {
    const reference = textAt(request, "customerReference");
    return [...books.customers.values()].find((one) => one.reference === reference)?.id ?? "";
  },
  SearchCustomerIds(books, request) {
    const asked = find(request, "searchData");
    const criteria = flatten(asked);
    if (criteria.every(([name]) => name === "MaxNumberOfCustomers"))
      throw new BookFault("(WP008) Operation failed: at least one criterion is required");
    const most = Number(textAt(asked, "MaxNumberOfCustomers") ?? 100);
    const found = [...books.customers.values()].filter((one) => fits(one, criteria));
    return items("CustomerQueryData", found.slice(0, most).map(toData));
  },
  AddNewCustomer(books, request, { now }) {
    const values = new Map(flatten(find(request, "customerData")));
    const id =
      values.get("CustomerId") ?? `WEB${String(books.customers.size + 1).padStart(6, "0")}`;
    if (books.customers.has(id)) throw new BookFault("(WP008) The customer already exists");
    if (!values.get("LastName")) throw new BookFault("The name is mandatory", ["LastName"]);
    values.delete("CustomerId");
    books.customers.set(id, {
      id,
      reference: null,
      values,
      creationStoreId: values.get("UsualStoreId") ?? "FFO001",
      lastUpdate: now(),
      isClosed: false,
    });
    return id;
  },
  UpdateCustomer(books, request, { now }) {
    const customer = known(books, textAt(request, "customerId"));
    for (const [name, value] of flatten(find(request, "modifiedData")))
      customer.values.set(name, value);
    customer.lastUpdate = now();
    return customer.id;
  },
};

function known(books: Books, id: string | null): Customer {
  const found = books.customers.get(id ?? "");
  if (!found) throw new BookFault("(WP006) Message execution failed: the customer is unknown");
  return found;
}

const fits = (one: Customer, criteria: readonly (readonly [string, string])[]): boolean =>
  criteria.every(([name, value]) => {
    if (name === "CustomerReference") return one.reference === value;
    if (name === "CreationStoreId") return one.creationStoreId === value;
    if (name === "Closed") return String(one.isClosed) === value;
    if (APART.has(name)) return true;
    return one.values.get(name)?.toLowerCase() === value.toLowerCase();
  });

/** Two classes: `CustomerDataBase` and what follows, then `CustomerQueryData`'s own. */
const toData = (one: Customer): Value =>
  fields(unflatten(one.values), {
    Closed: one.isClosed,
    CreationStoreId: one.creationStoreId,
    CustomerId: one.id,
    LastDateUpdate: one.lastUpdate,
  });

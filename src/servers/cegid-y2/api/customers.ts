import { Failure } from "../../kit/failure.ts";
import { toCustomer, type CustomerOut } from "../customers.ts";
import { OPERATIONS } from "../soap/operation.ts";
import { fields, type Fields } from "../soap/value.ts";
import type { Asker, Y2 } from "./y2.ts";

export interface CustomerSearch {
  readonly last_name?: string | undefined;
  readonly first_name?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly barcode?: string | undefined;
  readonly city?: string | undefined;
  readonly zip_code?: string | undefined;
  readonly country?: string | undefined;
  readonly customer_reference?: string | undefined;
  readonly creation_store_id?: string | undefined;
  readonly is_company?: boolean | undefined;
  readonly closed?: boolean | undefined;
}

/** Those who fit, at most so many. Y2 wants one criterion at least: that they are customers is one. */
export async function searchCustomers(
  y2: Y2,
  asker: Asker,
  search: CustomerSearch,
  most: number,
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): Promise<readonly CustomerOut[]> {
  const result = await y2.ask(asker, {
    operation: OPERATIONS.searchCustomers,
    parameters: [["searchData", searchFields(search, most)]],
    kind: "customers",
    isFresh,
  });
  return (result?.children ?? [])
    .filter(({ name }) => name === "CustomerQueryData")
    .map(toCustomer);
}

function searchFields(search: CustomerSearch, most: number): Fields {
  const isEmpty = Object.values(search).every((value) => value === undefined);
  return fields(
    {
      AddressData: fields({
        City: search.city,
        CountryId: search.country,
        ZipCode: search.zip_code,
      }),
      EmailData: fields({ Email: search.email }),
      FirstName: search.first_name,
      IsCompany: search.is_company,
      LastName: search.last_name,
      PhoneData: fields({ CellularPhoneNumber: search.phone }),
    },
    {
      Barcode: search.barcode,
      Closed: search.closed,
      CreationStoreId: search.creation_store_id,
      CustomerReference: search.customer_reference,
      IsCustomer: isEmpty ? true : undefined,
      MaxNumberOfCustomers: String(most),
    },
  );
}

/** Throws NOT_FOUND. */
export async function getCustomer(
  y2: Y2,
  asker: Asker,
  id: string,
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): Promise<CustomerOut> {
  const result = await y2.ask(asker, {
    operation: OPERATIONS.customerDetail,
    parameters: [["customerId", id]],
    kind: "customers",
    isFresh,
  });
  if (result === null || result.children.length === 0)
    throw new Failure("NOT_FOUND", "There is no such customer.", {
      hint: "list_customers finds them by name, e-mail or phone.",
    });
  const customer = toCustomer(result);
  return customer.id === "" ? { ...customer, id } : customer;
}

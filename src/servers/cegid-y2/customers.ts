import { z } from "zod";
import { flagAt, timeAt } from "./read.ts";
import { fields, type Fields } from "./soap/value.ts";
import { find, textAt, type XmlNode } from "./soap/xml-node.ts";
import { table } from "./tables.ts";

const words = z.string().nullable();
const short = z.string().trim().min(1).max(60);
const line = z.string().trim().max(100);

export const customerOut = z.object({
  id: z.string(),
  first_name: words,
  last_name: words,
  is_company: z.boolean().nullable(),
  is_closed: z.boolean().nullable(),
  email: words,
  mobile_phone: words,
  home_phone: words,
  address_lines: z.array(z.string()),
  zip_code: words,
  city: words,
  country: words,
  barcode: words.describe("Of the customer's card"),
  usual_store_id: words,
  creation_store_id: words,
  language: words,
  currency: words,
  birth_date: words,
  last_updated: words,
  notes: words,
});

export type CustomerOut = z.output<typeof customerOut>;

/** `CustomerQueryData`. */
export const toCustomer = (node: XmlNode): CustomerOut => ({
  id: textAt(node, "CustomerId") ?? "",
  first_name: textAt(node, "FirstName"),
  last_name: textAt(node, "LastName"),
  is_company: flagAt(node, "IsCompany"),
  is_closed: flagAt(node, "Closed"),
  email: textAt(node, "EmailData", "Email"),
  mobile_phone: textAt(node, "PhoneData", "CellularPhoneNumber"),
  home_phone: textAt(node, "PhoneData", "HomePhoneNumber"),
  address_lines: ["AddressLine1", "AddressLine2", "AddressLine3"].flatMap(
    (name) => textAt(node, "AddressData", name) ?? [],
  ),
  zip_code: textAt(node, "AddressData", "ZipCode"),
  city: textAt(node, "AddressData", "City"),
  country: textAt(node, "AddressData", "CountryId"),
  barcode: textAt(node, "Barcode"),
  usual_store_id: textAt(node, "UsualStoreId"),
  creation_store_id: textAt(node, "CreationStoreId"),
  language: textAt(node, "LanguageId"),
  currency: textAt(node, "CurrencyId"),
  birth_date: birthDate(find(node, "BirthDateData")),
  last_updated: timeAt(node, "LastDateUpdate") ?? timeAt(node, "LastModificationDate"),
  notes: textAt(node, "Notepad"),
});

/** People may tell the day without the year. */
function birthDate(node: XmlNode | null): string | null {
  const part = (name: string) => textAt(node, `BirthDate${name}`) ?? "0";
  const [year, month, day] = [part("Year"), part("Month"), part("Day")];
  if (month === "0" || day === "0") return null;
  const short_ = `${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return year === "0" ? short_ : `${year}-${short_}`;
}

/** What is known of a customer; the same for new ones and for changes. */
export const customerIn = {
  first_name: short.optional(),
  last_name: short.optional(),
  is_company: z.boolean().optional(),
  phone: short.optional().describe("Mobile"),
  home_phone: short.optional(),
  address: line.optional().describe("Street and number"),
  address_line2: line.optional(),
  zip_code: short.optional(),
  city: short.optional(),
  country: short.optional().describe("As Cegid Y2 has it, or as country_type says"),
  country_type: z.enum(["Internal", "ISO2", "ISO3", "ISO3Numeric"]).optional(),
  usual_store_id: short.optional(),
  language: short.optional(),
  birth_date: z.iso.date().optional(),
  notes: z.string().trim().max(500).optional(),
  accepts_emails: z.boolean().optional(),
};

const shape = z.object({ ...customerIn, email: z.email().max(120).optional() });
export type CustomerIn = z.output<typeof shape>;

/** Classes of Y2's customer, base first. `own` are the fields of the last one. */
export function customerFields(
  given: CustomerIn,
  own: Readonly<Record<string, string | undefined>> | null,
): Fields {
  const [year, month, day] = given.birth_date?.split("-").map((part) => String(Number(part))) ?? [];
  return fields(
    {
      AddressData: fields({
        AddressLine1: given.address,
        AddressLine2: given.address_line2,
        City: given.city,
        CountryId: given.country,
        CountryIdType: given.country_type,
        ZipCode: given.zip_code,
      }),
      EmailData: fields({ Email: given.email, EmailingAccepted: given.accepts_emails }),
      FirstName: given.first_name,
      IsCompany: given.is_company,
      LastName: given.last_name,
      PhoneData: fields({
        CellularPhoneNumber: given.phone,
        HomePhoneNumber: given.home_phone,
      }),
      UsualStoreId: given.usual_store_id,
    },
    {
      BirthDateData: fields({ BirthDateDay: day, BirthDateMonth: month, BirthDateYear: year }),
      LanguageId: given.language,
    },
    { Notepad: given.notes },
    ...(own === null ? [] : [own]),
  );
}

export const customerTable = (rows: readonly CustomerOut[]): string =>
  table(
    ["id", "Name", "E-mail", "Phone", "City"],
    rows.map((row) => [row.id, nameOf(row), row.email, row.mobile_phone, row.city]),
  );

export const nameOf = ({ first_name, last_name }: CustomerOut): string =>
  [first_name, last_name].filter(Boolean).join(" ");

import { z } from "zod";
import { amountOut } from "./decimal.ts";
import { idAt } from "./document-id.ts";
import { amountAt, flagAt, sumAt, timeAt } from "./read.ts";
import { all, find, textAt, type XmlNode } from "./soap/xml-node.ts";
import { table } from "./tables.ts";

const words = z.string().nullable();

export const headerOut = z.object({
  id: z.string().describe("Type/Stump/Number"),
  type: z.string(),
  internal_reference: words,
  date: words.describe("Time in the shop"),
  status: words,
  is_active: z.boolean().nullable().describe("False: closed, nothing more happens to it"),
  customer_id: words,
  store_id: words,
  warehouse_id: words,
  currency: words,
  total_tax_excluded: amountOut,
  total_tax_included: amountOut,
  quantity: amountOut,
  sales_person_id: words,
  origin: words,
  comment: words,
  follow_up_status: words,
});

export type HeaderOut = z.output<typeof headerOut>;

export const toHeader = (node: XmlNode): HeaderOut => {
  const id = idAt(find(node, "Key"));
  return {
    id,
    type: id.split("/")[0] ?? "",
    internal_reference: textAt(node, "InternalReference"),
    date: timeAt(node, "Date"),
    status: textAt(node, "Status"),
    is_active: flagAt(node, "Active"),
    customer_id: textAt(node, "CustomerId"),
    store_id: textAt(node, "StoreId"),
    warehouse_id: textAt(node, "WarehouseId"),
    currency: textAt(node, "CurrencyId"),
    total_tax_excluded: sumAt(node, "TaxExcludedTotalAmount"),
    total_tax_included: sumAt(node, "TaxIncludedTotalAmount"),
    quantity: sumAt(node, "TotalQuantity"),
    sales_person_id: textAt(node, "SalesPersonId"),
    origin: textAt(node, "Origin"),
    comment: textAt(node, "Comment"),
    follow_up_status: textAt(node, "OmniChannel", "FollowUpStatus"),
  };
};

const addressOut = z
  .object({
    first_name: words,
    last_name: words,
    lines: z.array(z.string()),
    zip_code: words,
    city: words,
    region: words,
    country: words,
    phone: words,
  })
  .nullable();

export const documentOut = headerOut.extend({
  lines: z.array(
    z.object({
      rank: words,
      item_id: words,
      item_code: words,
      item_reference: words.describe("Barcode"),
      label: words,
      quantity: amountOut,
      unit_price_tax_included: amountOut.nullable(),
      net_unit_price_tax_included: amountOut.nullable(),
      net_unit_price_tax_excluded: amountOut.nullable(),
      warehouse_id: words,
      serial_number: words,
      delivery_date: words,
      comment: words,
    }),
  ),
  payments: z.array(
    z.object({
      code: words,
      label: words,
      amount: amountOut,
      currency: words,
      due_date: words,
      is_received: z.boolean().nullable(),
    }),
  ),
  shipping_taxes: z.array(z.object({ code: words, amount_tax_included: amountOut })),
  delivery_address: addressOut,
  invoicing_address: addressOut,
});

export type DocumentOut = z.output<typeof documentOut>;

/** `Get_Reply`. */
export const toDocument = (node: XmlNode): DocumentOut => ({
  ...toHeader(find(node, "Header") ?? node),
  lines: all(node, "Lines", "Get_Line").map(toLine),
  payments: all(node, "Payments", "Get_Payment").map((payment) => ({
    code: textAt(payment, "Code"),
    label: textAt(payment, "Label"),
    amount: sumAt(payment, "Amount"),
    currency: textAt(payment, "Currency"),
    due_date: timeAt(payment, "DueDate"),
    is_received: flagAt(payment, "IsReceivedPayment"),
  })),
  shipping_taxes: all(node, "ShippingTaxes", "Get_ShippingTax").map((tax) => ({
    code: textAt(tax, "ShippingTaxCode"),
    amount_tax_included: sumAt(tax, "TaxIncludedAmount"),
  })),
  delivery_address: toAddress(find(node, "DeliveryAddress")),
  invoicing_address: toAddress(find(node, "InvoicingAddress")),
});

const toLine = (line: XmlNode): DocumentOut["lines"][number] => ({
  rank: textAt(line, "Rank"),
  item_id: textAt(line, "ItemId"),
  item_code: textAt(line, "ItemCode"),
  item_reference: textAt(line, "ItemReference"),
  label: textAt(line, "Label"),
  quantity: sumAt(line, "Quantity"),
  unit_price_tax_included: amountAt(line, "TaxIncludedUnitPrice"),
  net_unit_price_tax_included: amountAt(line, "TaxIncludedNetUnitPrice"),
  net_unit_price_tax_excluded: amountAt(line, "TaxExcludedNetUnitPrice"),
  warehouse_id: textAt(line, "WarehouseId"),
  serial_number: textAt(line, "SerialNumberId"),
  delivery_date: timeAt(line, "DeliveryDate"),
  comment: textAt(line, "Comment"),
});

function toAddress(node: XmlNode | null): z.output<typeof addressOut> {
  if (node === null || node.children.length === 0) return null;
  return {
    first_name: textAt(node, "FirstName"),
    last_name: textAt(node, "LastName"),
    lines: ["Line1", "Line2", "Line3"].flatMap((name) => textAt(node, name) ?? []),
    zip_code: textAt(node, "ZipCode"),
    city: textAt(node, "City"),
    region: textAt(node, "Region"),
    country: textAt(node, "CountryId"),
    phone: textAt(node, "PhoneNumber"),
  };
}

export const headerTable = (rows: readonly HeaderOut[]): string =>
  table(
    ["id", "Date", "Store", "Customer", "Status", "Total", ""],
    rows.map((row) => [
      row.id,
      row.date?.slice(0, 10),
      row.store_id,
      row.customer_id,
      row.status,
      row.total_tax_included,
      row.currency,
    ]),
  );

export function documentText(document: DocumentOut): string {
  const lines = table(
    ["Item", "Label", "Quantity", "Price"],
    document.lines.map((line) => [
      line.item_reference ?? line.item_code,
      line.label,
      line.quantity,
      line.net_unit_price_tax_included,
    ]),
  );
  const { id, date, store_id, customer_id, status, total_tax_included, currency } = document;
  return [
    `**${id}**, ${date?.slice(0, 10) ?? ""}, store ${store_id ?? "?"}, customer ${customer_id ?? "none"}: ${status ?? ""}`,
    `Total ${total_tax_included} ${currency ?? ""}`,
    "",
    lines,
  ].join("\n");
}

import { z } from "zod";
import { amountOut } from "./decimal.ts";
import { amountAt, flagAt, sumAt, timeAt } from "./read.ts";
import { fields, strings } from "./soap/value.ts";
import { all, find, textAt, type XmlNode } from "./soap/xml-node.ts";
import { table } from "./tables.ts";

const words = z.string().nullable();

export const productOut = z.object({
  id: z.string().describe("Cegid Y2's own id, with its blanks: item_id of other tools"),
  code: z.string().describe("The id without size, colour and blanks"),
  barcode: words,
  description: words,
  complementary_description: words,
  status: words,
  is_closed: z.boolean().nullable(),
  is_sale_suspended: z.boolean().nullable(),
  collection: words,
  main_supplier_id: words,
  category_ids: z.array(z.string()),
  created: words,
  updated: words,
});

export type ProductOut = z.output<typeof productOut>;

/** `MerchandiseItem`. Ids are padded to their full width and end with an X: only whole they are good for asking. */
export const toProduct = (node: XmlNode): ProductOut => ({
  id: textAt(node, "Identification", "Identifier", "Id") ?? "",
  code: textAt(node, "Identification", "Identifier", "Id")?.split(/\s+/)[0] ?? "",
  barcode: textAt(node, "Identification", "Identifier", "Barcode"),
  description: textAt(node, "Description"),
  complementary_description: textAt(node, "Characteristics", "ComplementaryDescription"),
  status: textAt(node, "Status"),
  is_closed: flagAt(node, "Closed"),
  is_sale_suspended: flagAt(node, "Characteristics", "Properties", "SalesSuspended"),
  collection: textAt(node, "Characteristics", "Collections", "Current"),
  main_supplier_id: textAt(node, "Characteristics", "MainSupplierId"),
  category_ids: all(node, "Characteristics", "Categories", "Category").flatMap(
    (category) => textAt(category, "Id") ?? [],
  ),
  created: timeAt(node, "SystemFields", "CreationDate"),
  updated: timeAt(node, "SystemFields", "UpdateDate"),
});

export const priceOut = z.object({
  barcode: words,
  item_id: words,
  base_price: amountOut,
  current_price: amountOut,
  discount_percent: amountOut,
  markdown_reason_id: words,
  period_id: words,
  price_list_type_id: words,
});

export type PriceOut = z.output<typeof priceOut>;

const toPrice = (node: XmlNode): PriceOut => ({
  barcode: textAt(node, "Barcode"),
  item_id: textAt(node, "ItemId"),
  base_price: sumAt(node, "UnitPrice", "Base"),
  current_price: amountAt(node, "UnitPrice", "Current") ?? sumAt(node, "UnitPrice", "Base"),
  discount_percent: sumAt(node, "UnitPrice", "DiscountPercent"),
  markdown_reason_id: textAt(node, "UnitPrice", "MarkdownReasonId"),
  period_id: textAt(node, "PeriodId"),
  price_list_type_id: textAt(node, "PriceListTypeId"),
});

export const storeStockOut = z.object({
  store_id: z.string(),
  store_name: words,
  available: amountOut,
});

/** `AvailableQtyByStore`. */
export const toStoreStock = (node: XmlNode): z.output<typeof storeStockOut> => ({
  store_id: textAt(node, "StoreId") ?? "",
  store_name: textAt(node, "StoreDescription"),
  available: sumAt(node, "AvailableQty"),
});

/** By barcode, or by Y2's own id. */
export const itemIn = {
  item_reference: z.string().trim().min(1).max(60).optional().describe("Barcode"),
  item_id: z.string().min(1).max(60).optional().describe("Cegid Y2's own id"),
};

export const itemFields = (item: {
  readonly item_reference?: string | undefined;
  readonly item_id?: string | undefined;
}) => fields({ Id: item.item_id, Reference: item.item_reference });

export const priceRequest = (asked: {
  readonly barcodes: readonly string[];
  readonly date: string;
  readonly storeId: string;
  readonly isTaxExcluded: boolean;
}) =>
  fields({
    Barcodes: strings(asked.barcodes),
    Date: asked.date,
    StoreId: asked.storeId,
    TaxExcluded: asked.isTaxExcluded,
  });

export const productTable = (rows: readonly ProductOut[]): string =>
  table(
    ["Barcode", "Description", "Collection", "Categories", "Closed"],
    rows.map((row) => [
      row.barcode,
      row.description,
      row.collection,
      row.category_ids.join(", "),
      row.is_closed,
    ]),
  );

/** The currency and the prices of an answer. */
export const toPrices = (result: XmlNode | null) => ({
  currency: textAt(result, "CurrencyId"),
  prices: all(find(result, "Prices"), "Price").map(toPrice),
});

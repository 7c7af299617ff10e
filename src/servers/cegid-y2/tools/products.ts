import { z } from "zod";
import type { Call } from "../../kit/call.ts";
import { Failure, toFailure } from "../../kit/failure.ts";
import { defineTool } from "../../kit/tool.ts";
import { beginOf, dayAt, dayIn } from "../days.ts";
import { refuseMissing, type CegidDeps } from "../deps.ts";
import { pageInfo, pager, pagesIn, pagesOut } from "../pages.ts";
import {
  itemFields,
  priceOut,
  priceRequest,
  productOut,
  productTable,
  storeStockOut,
  toPrices,
  toProduct,
  toStoreStock,
  type ProductOut,
} from "../products.ts";
import { OPERATIONS } from "../soap/operation.ts";
import { fields, items, strings } from "../soap/value.ts";
import { all, textAt } from "../soap/xml-node.ts";
import { table } from "../tables.ts";

/** Of one request, as Y2 has it. */
const MAX_BARCODES = 1_000;
const short = z.string().trim().min(1).max(60);

export const productTools = (deps: CegidDeps) => [
  listProducts(deps),
  productDetails(deps),
  getPrices(deps),
  categoryValues(deps),
];

const listProducts = (deps: CegidDeps) =>
  defineTool({
    name: "list_products",
    title: "List products",
    description:
      "Products with their categories, page by page, or those with certain barcodes. A category is looked for within each page, since Cegid Y2 has no such filter: pages may then hold few rows, and next_offset still leads on.",
    effect: "read",
    input: z.object({
      category: short.optional().describe("Id of a category, from list_product_categories"),
      barcodes: z.array(short).min(1).max(MAX_BARCODES).optional(),
      ...pagesIn,
    }),
    output: z.object({ products: z.array(productOut), ...pagesOut }),
    async run({ category, barcodes, ...page }, call) {
      const found = await readProducts(deps, call, barcodes, page);
      const products = found.filter(
        ({ category_ids }) => category === undefined || category_ids.includes(category),
      );
      return {
        data: { products, ...pageInfo(page, found.length) },
        text: productTable(products),
      };
    },
  });

async function readProducts(
  deps: CegidDeps,
  call: Call,
  barcodes: readonly string[] | undefined,
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly ProductOut[]> {
  const request = fields({
    Barcodes: strings(barcodes),
    Fields: items("FieldsType", ["SystemFields", "Characteristics"]),
    Paging: pager(page),
  });
  const result = await deps.y2.ask(call, {
    operation: OPERATIONS.products,
    parameters: [["Request", request]],
    kind: "products",
  });
  return all(result, "MerchandiseItems", "MerchandiseItem").map(toProduct);
}

const productDetails = (deps: CegidDeps) =>
  defineTool({
    name: "get_product_details",
    title: "Read a product",
    description:
      "One product by its barcode, with what each store has of it and its price in a store.",
    effect: "read",
    input: z.object({
      product_id: short.describe("Barcode"),
      store_id: short
        .optional()
        .describe("Whose price; left out: the store of the server's settings"),
    }),
    output: productOut.extend({
      stock: z.array(storeStockOut),
      price: priceOut.nullable(),
      currency: z.string().nullable(),
      not_told: z.array(z.string()).describe("What could not be read, and why"),
    }),
    async run({ product_id, store_id }, call) {
      const page = { limit: 1, offset: 0 };
      const product = (await readProducts(deps, call, [product_id], page))[0];
      if (product === undefined)
        throw new Failure("NOT_FOUND", "There is no product with this barcode.", {
          hint: "list_products shows barcodes.",
        });
      const storeId = store_id ?? deps.defaultStoreId;
      const stock = await orWhy("stock", stockOf(deps, call, product_id));
      const price = storeId
        ? await orWhy("price", pricesOf(deps, call, [product_id], storeId))
        : { value: null, why: "price: no store is named" };
      const not_told = [stock.why, price.why].filter((why) => why !== null);
      return {
        data: {
          ...product,
          stock: stock.value ?? [],
          price: price.value?.prices[0] ?? null,
          currency: price.value?.currency ?? null,
          not_told,
        },
      };
    },
  });

/** What goes beside the answer may be missing: then it says so. */
async function orWhy<Value>(
  name: string,
  asked: Promise<Value>,
): Promise<{ readonly value: Value | null; readonly why: string | null }> {
  try {
    return { value: await asked, why: null };
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (failure.code === "CANCELLED" || failure.code === "INTERNAL_ERROR") throw thrown;
    return { value: null, why: `${name}: ${failure.message}` };
  }
}

async function stockOf(deps: CegidDeps, call: Call, barcode: string) {
  const result = await deps.y2.ask(call, {
    operation: OPERATIONS.availableByStore,
    parameters: [["itemIdentifier", itemFields({ item_reference: barcode })]],
    kind: "stock",
  });
  return (result?.children ?? []).map(toStoreStock);
}

async function pricesOf(
  deps: CegidDeps,
  call: Call,
  barcodes: readonly string[],
  storeId: string,
  {
    date,
    isTaxExcluded = false,
  }: { readonly date?: string; readonly isTaxExcluded?: boolean } = {},
) {
  const day = date ?? dayAt(deps.clock.now(), deps.zone);
  const request = priceRequest({ barcodes, date: beginOf(day), storeId, isTaxExcluded });
  const result = await deps.y2.ask(call, {
    operation: OPERATIONS.prices,
    parameters: [["Request", request]],
    kind: "products",
  });
  return toPrices(result);
}

const getPrices = (deps: CegidDeps) =>
  defineTool({
    name: "get_prices",
    title: "Prices of a store",
    description: "Selling prices in one store on one day, reductions included.",
    effect: "read",
    input: z.object({
      barcodes: z.array(short).min(1).max(MAX_BARCODES),
      store_id: short.optional(),
      date: dayIn.optional().describe("Left out: today"),
      tax_excluded: z.boolean().default(false),
    }),
    output: z.object({ currency: z.string().nullable(), prices: z.array(priceOut) }),
    async run({ barcodes, store_id, date, tax_excluded }, call) {
      const storeId = store_id ?? deps.defaultStoreId;
      refuseMissing(storeId ? {} : { store_id: "whose prices" }, "get_prices");
      const found = await pricesOf(deps, call, barcodes, storeId ?? "", {
        ...(date === undefined ? {} : { date }),
        isTaxExcluded: tax_excluded,
      });
      return {
        data: found,
        text: table(
          ["Barcode", "Price", "Before", ""],
          found.prices.map((price) => [
            price.barcode,
            price.current_price,
            price.base_price,
            found.currency,
          ]),
        ),
      };
    },
  });

const categoryValues = (deps: CegidDeps) =>
  defineTool({
    name: "list_product_categories",
    title: "Values of a category",
    description:
      "The values of one of Cegid Y2's families of categories, such as 1 for the first level.",
    effect: "read",
    input: z.object({ category_id: short.describe("Of the family"), ...pagesIn }),
    output: z.object({
      values: z.array(z.object({ id: z.string(), description: z.string().nullable() })),
      ...pagesOut,
    }),
    async run({ category_id, ...page }, call) {
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.categoryValues,
        parameters: [["Request", fields({ CategoryId: category_id, Paging: pager(page) })]],
        kind: "products",
      });
      const lists = result?.children.filter(({ children }) => children.length > 0) ?? [];
      const values = lists
        .flatMap(({ children }) => children)
        .flatMap((node) => {
          const id = textAt(node, "Id");
          return id === null
            ? []
            : [{ id, description: textAt(node, "Description") ?? textAt(node, "Label") }];
        });
      return { data: { values, ...pageInfo(page, values.length) } };
    },
  });

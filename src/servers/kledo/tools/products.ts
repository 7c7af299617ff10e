import { z } from "zod";
import { Failure } from "../../kit/failure.ts";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { idIn, pageFor, pagesIn, pagesOut, searchIn } from "../arguments.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { productRow, type ProductRow } from "../api/wire.ts";
import type { KledoDeps } from "../deps.ts";
import { quantityOut } from "../documents.ts";
import { moneyOut, toDecimal, toRupiah } from "../money.ts";
import { table } from "../tables.ts";

/** What is bought and sold. */
export const products = (deps: KledoDeps): readonly Tool[] => [
  productList(deps),
  productDetail(deps),
  productBySku(deps),
];

const productOut = z.object({
  id: z.int(),
  name: z.string(),
  sku: z.string().nullable(),
  sell_price: moneyOut,
  buy_price: moneyOut,
  average_cost: moneyOut,
  quantity: quantityOut,
  unit: z.string().nullable(),
  is_tracked: z.boolean().describe("Whether Kledo counts its stock"),
  is_archived: z.boolean(),
  description: z.string().nullable(),
  warehouses: z.array(z.object({ name: z.string(), quantity: quantityOut })),
});

const toProduct = (row: ProductRow): z.output<typeof productOut> => ({
  id: row.id,
  name: row.name,
  sku: row.code ?? null,
  sell_price: toDecimal(row.price),
  buy_price: toDecimal(row.base_price),
  average_cost: toDecimal(row.avg_base_price),
  quantity: String(row.qty ?? 0),
  unit: row.unit?.name ?? null,
  is_tracked: Boolean(row.is_track),
  is_archived: Boolean(row.is_archive),
  description: row.description ?? null,
  warehouses: (row.warehouse_qty ?? []).map((each) => ({
    name: each.warehouse_name ?? each.name ?? `warehouse ${each.warehouse_id ?? "?"}`,
    quantity: String(each.qty ?? 0),
  })),
});

const productTable = (rows: readonly ProductRow[], total: number): string =>
  table(
    ["id", "SKU", "Name", "Price", "Quantity"],
    rows.map((row) => [row.id, row.code, row.name, toRupiah(row.price), String(row.qty ?? 0)]),
    total,
  );

const path = ENDPOINTS.products.list;

const productList = (deps: KledoDeps) =>
  defineTool({
    name: "product_list",
    title: "List products",
    description: "Products and services by name, code or description, with prices and stock.",
    effect: "read",
    input: z.object({
      search: searchIn,
      include_inventory: z.boolean().default(false).describe("Stock of each warehouse"),
      ...pagesIn,
    }),
    output: z.object({ products: z.array(productOut), ...pagesOut }),
    async run(given, call) {
      const { search, include_inventory } = given;
      const query = { search, include_warehouse_qty: include_inventory ? 1 : undefined };
      const kind = include_inventory ? "stock_levels" : "products";
      const { rows, ...pages } = await pageFor(given, { path, ...query }, (page) =>
        deps.api.page(call, { kind, path, query: { ...query, ...page } }, productRow),
      );
      return {
        data: { products: rows.map(toProduct), ...pages },
        text: productTable(rows, pages.total),
      };
    },
  });

const productDetail = (deps: KledoDeps) =>
  defineTool({
    name: "product_get_detail",
    title: "Read a product",
    description: "One product with its prices and stock.",
    effect: "read",
    input: z.object({ product_id: idIn.describe("id from product_list") }),
    output: productOut,
    async run({ product_id }, call) {
      const row = await deps.api.get(
        call,
        { kind: "products", path: `${path}/${product_id}` },
        productRow,
      );
      return { data: toProduct(row), text: productTable([row], 1) };
    },
  });

const productBySku = (deps: KledoDeps) =>
  defineTool({
    name: "product_search_by_sku",
    title: "Find a product by its SKU",
    description: "The product with exactly this code; capital and small letters are alike.",
    effect: "read",
    input: z.object({ sku: z.string().trim().min(1).max(100) }),
    output: productOut,
    async run({ sku }, call) {
      const query = { code: sku, include_warehouse_qty: 1, per_page: 100 };
      const { rows } = await deps.api.page(call, { kind: "stock_levels", path, query }, productRow);
      // Kledo may answer with codes that only hold what was asked for.
      const exact = rows.filter(({ code }) => code?.toLowerCase() === sku.toLowerCase());
      const [found, ...others] = exact;
      if (found === undefined) throw notFound(sku, rows);
      if (others.length > 0) throw ambiguous(sku, exact);
      return { data: toProduct(found), text: productTable([found], 1) };
    },
  });

const notFound = (sku: string, near: readonly ProductRow[]): Failure =>
  new Failure("NOT_FOUND", `There is no product with the SKU ${sku}.`, {
    hint: "product_list searches by name.",
    ...(near.length === 0
      ? {}
      : { details: { similar: near.slice(0, 5).map(({ code }) => code) } }),
  });

const ambiguous = (sku: string, rows: readonly ProductRow[]): Failure =>
  new Failure("AMBIGUOUS", `${rows.length} products have the SKU ${sku}.`, {
    hint: "product_get_detail reads one of them.",
    details: { products: rows.map(({ id, name }) => ({ id, name })) },
  });

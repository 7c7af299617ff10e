import { z } from "zod";
import { defineTool } from "../../kit/tool.ts";
import { amountIn, amountOut } from "../decimal.ts";
import { beginOf, dayAt, dayIn } from "../days.ts";
import { refuseMissing, refuseWrites, type CegidDeps } from "../deps.ts";
import { idAt } from "../document-id.ts";
import { pageInfo, pager, pagesIn, pagesOut } from "../pages.ts";
import { itemFields, itemIn, storeStockOut, toStoreStock } from "../products.ts";
import { sumAt } from "../read.ts";
import { OPERATIONS } from "../soap/operation.ts";
import { fields, items, strings } from "../soap/value.ts";
import { all, find, textAt } from "../soap/xml-node.ts";
import { table } from "../tables.ts";

const short = z.string().trim().min(1).max(60);

export const stockTools = (deps: CegidDeps) => [
  getStock(deps),
  stockByStore(deps),
  listStock(deps),
  setCart(deps),
  resetCart(deps),
  createTransfer(deps),
];

type Item = { readonly item_reference?: string | undefined; readonly item_id?: string | undefined };

const refuseNoItem = (item: Item, what: string): void =>
  refuseMissing(
    item.item_reference || item.item_id ? {} : { item_reference: "the barcode, or item_id" },
    what,
  );

const getStock = (deps: CegidDeps) =>
  defineTool({
    name: "get_stock",
    title: "Stock of an item",
    description:
      "How much of one item can be sold: in a store or warehouse, or in all stores together.",
    effect: "read",
    input: z.object({ ...itemIn, store_id: short.optional(), warehouse_id: short.optional() }),
    output: z.object({
      available: amountOut,
      status: z.string().nullable(),
      scope: z.enum(["all stores", "one place"]),
    }),
    async run({ store_id, warehouse_id, ...item }, call) {
      refuseNoItem(item, "get_stock");
      const isOne = store_id !== undefined || warehouse_id !== undefined;
      const place = [
        ["storeId", store_id],
        ["warehouseId", warehouse_id],
      ] as const;
      const result = await deps.y2.ask(call, {
        operation: isOne ? OPERATIONS.availableQuantity : OPERATIONS.availableInAll,
        parameters: [["itemIdentifier", itemFields(item)], ...(isOne ? place : [])],
        kind: "stock",
      });
      const available = sumAt(result, "AvailableQty");
      return {
        data: {
          available,
          status: textAt(result, "QueryStatus"),
          scope: isOne ? ("one place" as const) : ("all stores" as const),
        },
        text: `${available} available.`,
      };
    },
  });

const stockByStore = (deps: CegidDeps) =>
  defineTool({
    name: "get_stock_by_store",
    title: "Stock of an item by store",
    description: "What each store has of one item.",
    effect: "read",
    input: z.object(itemIn),
    output: z.object({ stores: z.array(storeStockOut) }),
    async run(item, call) {
      refuseNoItem(item, "get_stock_by_store");
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.availableByStore,
        parameters: [["itemIdentifier", itemFields(item)]],
        kind: "stock",
      });
      const stores = (result?.children ?? []).map(toStoreStock);
      return {
        data: { stores },
        text: table(
          ["Store", "Name", "Available"],
          stores.map((store) => [store.store_id, store.store_name, store.available]),
        ),
      };
    },
  });

const listStock = (deps: CegidDeps) =>
  defineTool({
    name: "list_stock",
    title: "Stock of several items",
    description: "What stores have of several items, page by page, by size and colour where asked.",
    effect: "read",
    input: z.object({
      item_references: z.array(short).min(1).max(200).describe("Barcodes"),
      store_ids: z.array(short).max(100).optional(),
      only_available: z.boolean().default(false),
      by_size_and_colour: z.boolean().default(false),
      ...pagesIn,
    }),
    output: z.object({
      items: z.array(
        z.object({
          item_code: z.string().nullable(),
          stores: z.array(
            storeStockOut.extend({
              sizes: z.array(z.object({ dimensions: z.array(z.string()), available: amountOut })),
            }),
          ),
        }),
      ),
      ...pagesOut,
    }),
    async run({ item_references, store_ids, only_available, by_size_and_colour, ...page }, call) {
      const request = fields({
        AllAvailableWarehouse: false,
        DetailSku: by_size_and_colour,
        ItemIdentifiers: items(
          "ItemIdentifier",
          item_references.map((item_reference) => itemFields({ item_reference })),
        ),
        OnlyAvailableStock: only_available,
        Pager: pager(page),
        StoreIds: strings(store_ids),
        WithStoreName: true,
      });
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.availableList,
        parameters: [["inventoryStoreItemDetailRequest", request]],
        kind: "stock",
      });
      const found = (find(result, "InventoryDetailsByStore")?.children ?? []).map((item) => ({
        item_code: textAt(item, "ItemCode"),
        stores: (find(item, "StoresAvailableQty")?.children ?? []).map((store) => ({
          store_id: textAt(store, "StoreId") ?? "",
          store_name: textAt(store, "StoreName"),
          available: sumAt(store, "AvailableQuantity"),
          sizes: (find(store, "AvailableSkusQty")?.children ?? []).map((sku) => ({
            dimensions: [1, 2, 3, 4, 5].flatMap((at) => textAt(sku, `Dimension${at}`) ?? []),
            available: sumAt(sku, "AvailableQty"),
          })),
        })),
      }));
      return { data: { items: found, ...pageInfo(page, found.length) } };
    },
  });

const cartOut = z.object({ done: z.boolean() });

const setCart = (deps: CegidDeps) =>
  defineTool({
    name: "set_cart_stock",
    title: "Hold goods for a shopping cart",
    description:
      "Tells Cegid Y2 that so many pieces of an item are in somebody's shopping cart, so that they are not promised twice.",
    effect: "update",
    destructive: false,
    input: z.object({ ...itemIn, quantity: amountIn, warehouse_id: short }),
    output: cartOut,
    async run({ quantity, warehouse_id, ...item }, call) {
      refuseWrites(deps);
      refuseNoItem(item, "set_cart_stock");
      const request = fields({
        ItemIdentifier: itemFields(item),
        Quantity: quantity,
        WarehouseId: warehouse_id,
      });
      await deps.y2.ask(call, {
        operation: OPERATIONS.updateCart,
        parameters: [["request", request]],
        kind: "stock",
      });
      return { data: { done: true } };
    },
  });

const resetCart = (deps: CegidDeps) =>
  defineTool({
    name: "reset_cart_stock",
    title: "Free goods of shopping carts",
    description: "Frees all pieces of an item that are held for shopping carts in a warehouse.",
    effect: "update",
    idempotent: true,
    input: z.object({ ...itemIn, warehouse_id: short }),
    output: cartOut,
    async run({ warehouse_id, ...item }, call) {
      refuseWrites(deps);
      refuseNoItem(item, "reset_cart_stock");
      await deps.y2.ask(call, {
        operation: OPERATIONS.resetCart,
        parameters: [
          ["request", fields({ ItemIdentifier: itemFields(item), WarehouseId: warehouse_id })],
        ],
        kind: "stock",
      });
      return { data: { done: true } };
    },
  });

const placeIn = z.strictObject({ store_id: short, warehouse_id: short });

const createTransfer = (deps: CegidDeps) =>
  defineTool({
    name: "create_transfer",
    title: "Send goods to another store",
    description: "Creates a transfer of goods that was sent from one store to another.",
    effect: "create",
    input: z.object({
      sender: placeIn,
      recipient: placeIn,
      lines: z
        .array(
          z.strictObject({
            item_reference: short.describe("Barcode"),
            quantity: amountIn,
            unit_price: amountIn.optional(),
            serial_number: short.optional(),
          }),
        )
        .min(1)
        .max(500),
      reference: short.describe("Of this transfer, unlike every other"),
      currency: z.string().length(3),
      date: dayIn.optional(),
    }),
    output: z.object({ documents: z.array(z.string()) }),
    async run({ sender, recipient, lines, reference, currency, date }, call) {
      refuseWrites(deps);
      const request = fields({
        Header: fields({
          CurrencyId: currency,
          Date: beginOf(date ?? dayAt(deps.clock.now(), deps.zone)),
          DocumentTypeToCreate: "SentTransfer",
          ExternalReference: reference,
          InternalReference: reference,
          Recipient: placeFields(recipient),
          Sender: placeFields(sender),
        }),
        Lines: items(
          "Line",
          lines.map((line) =>
            fields({
              ItemIdentifier: itemFields(line),
              Quantity: line.quantity,
              SenderWarehouseId: sender.warehouse_id,
              SerialNumberId: line.serial_number,
              UnitPriceBase: line.unit_price,
            }),
          ),
        ),
      });
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.createTransfer,
        parameters: [["Request", request]],
        kind: "stock",
      });
      const documents = all(result, "Documents", "Document").map((one) => idAt(find(one, "Key")));
      return { data: { documents }, text: `Created ${documents.join(", ")}.` };
    },
  });

const placeFields = ({ store_id, warehouse_id }: z.output<typeof placeIn>) =>
  fields({ StoreId: store_id, WarehouseId: warehouse_id });

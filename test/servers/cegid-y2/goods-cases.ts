import assert from "node:assert/strict";
import { stockKey, type Books } from "../../../src/servers/cegid-y2/demo/state.ts";
import { at, cents, column, type Case } from "./data.ts";

const item = (books: Books, at: number) => {
  const found = books.items[at];
  assert.ok(found);
  return found;
};

/** Seller, tax number, time, total and tax of an e-invoice's code. */
const QR_HEX = [
  [1, "Clara & Cie"],
  [2, "300000000000003"],
  [3, "2026-03-01T10:00:00Z"],
  [4, "120.00"],
  [5, "20.00"],
]
  .map(([tag, text]) => {
    const value = Buffer.from(String(text));
    return Buffer.concat([Buffer.from([Number(tag), value.length]), value]).toString("hex");
  })
  .join("");

export const goodsCases: readonly Case[] = [
  {
    tool: "list_products",
    args: () => ({ limit: 8, offset: 8 }),
    check(data, books) {
      assert.deepEqual(
        column(data, "products", "barcode"),
        books.items.slice(8, 16).map(({ barcode }) => barcode),
      );
      assert.equal(data.next_offset, 16);
      assert.equal(at(data, "products", 0, "id"), books.items[8]?.id);
      assert.doesNotMatch(String(at(data, "products", 0, "code")), /\s/);
    },
  },
  {
    tool: "list_products",
    args: () => ({ category: "SHO" }),
    check: (data, books) =>
      assert.deepEqual(
        column(data, "products", "barcode"),
        books.items
          .filter(({ categories }) => categories.includes("SHO"))
          .map((one) => one.barcode),
      ),
  },
  {
    tool: "get_product_details",
    args: (books) => ({ product_id: item(books, 3).barcode }),
    check(data, books) {
      const own = item(books, 3);
      assert.equal(data.description, own.description);
      assert.equal(at(data, "price", "current_price"), own.price);
      assert.equal(data.currency, "EUR");
      assert.deepEqual(data.not_told, []);
      assert.deepEqual(
        column(data, "stock", "available"),
        books.stores.map(({ id }) => books.stock.get(stockKey(id, own.barcode))),
      );
    },
  },
  {
    tool: "get_prices",
    args: (books) => ({
      barcodes: [item(books, 1).barcode, item(books, 2).barcode],
      store_id: "FCH001",
    }),
    check(data, books) {
      assert.equal(data.currency, "CHF");
      assert.deepEqual(column(data, "prices", "base_price"), [
        item(books, 1).price,
        item(books, 2).price,
      ]);
    },
  },
  {
    tool: "list_product_categories",
    args: () => ({ category_id: "1" }),
    check: (data, books) =>
      assert.deepEqual(
        data.values,
        books.categories.get("1")?.map(({ id, name }) => ({ id, description: name })),
      ),
  },
  {
    tool: "get_stock",
    args: (books) => ({ item_reference: item(books, 4).barcode, store_id: "FFO002" }),
    check(data, books) {
      assert.equal(data.available, books.stock.get(stockKey("FFO002", item(books, 4).barcode)));
      assert.equal(data.status, "Ok");
    },
  },
  {
    tool: "get_stock",
    args: (books) => ({ item_reference: item(books, 4).barcode }),
    check(data, books) {
      const own = books.stores.map(
        ({ id }) => books.stock.get(stockKey(id, item(books, 4).barcode)) ?? "",
      );
      assert.equal(
        cents(data.available),
        own.reduce((sum, text) => sum + cents(text), 0),
      );
      assert.equal(data.scope, "all stores");
    },
  },
  {
    tool: "get_stock",
    args: (books) => ({ item_id: item(books, 5).id, warehouse_id: "FFO001" }),
    check: (data, books) =>
      assert.equal(data.available, books.stock.get(stockKey("FFO001", item(books, 5).barcode))),
  },
  {
    tool: "get_stock_by_store",
    args: (books) => ({ item_reference: item(books, 6).barcode }),
    check: (data, books) =>
      assert.deepEqual(
        data.stores,
        books.stores.map(({ id, name }) => ({
          store_id: id,
          store_name: name,
          available: books.stock.get(stockKey(id, item(books, 6).barcode)),
        })),
      ),
  },
  {
    tool: "list_stock",
    args: (books) => ({
      item_references: [item(books, 7).barcode, item(books, 9).barcode],
      store_ids: ["FFO001"],
      by_size_and_colour: true,
    }),
    check(data, books) {
      assert.deepEqual(column(data, "items", "item_code"), [
        item(books, 7).code,
        item(books, 9).code,
      ]);
      assert.equal(
        at(data, "items", 1, "stores", 0, "available"),
        books.stock.get(stockKey("FFO001", item(books, 9).barcode)),
      );
      assert.deepEqual(at(data, "items", 1, "stores", 0, "sizes", 0, "dimensions"), [
        "38",
        "Olive",
      ]);
    },
  },
  {
    tool: "set_cart_stock",
    args: (books) => ({
      item_reference: item(books, 7).barcode,
      quantity: 2,
      warehouse_id: "FFO001",
    }),
    check: (_, books) =>
      assert.equal(books.carts.get(stockKey("FFO001", item(books, 7).barcode)), "2"),
  },
  {
    tool: "reset_cart_stock",
    args: (books) => ({ item_reference: item(books, 7).barcode, warehouse_id: "FFO001" }),
    check: (_, books) => assert.equal(books.carts.size, 0),
  },
  {
    tool: "create_transfer",
    args: (books) => ({
      sender: { store_id: "FFO001", warehouse_id: "FFO001" },
      recipient: { store_id: "FFO002", warehouse_id: "FFO002" },
      lines: [{ item_reference: item(books, 10).barcode, quantity: 2, unit_price: "79.50" }],
      reference: "TRF-1",
      currency: "EUR",
    }),
    check(data, books) {
      assert.deepEqual(data.documents, ["SentTransfer/FFO001/1"]);
      assert.deepEqual(books.transfers[0]?.lines, [
        { barcode: item(books, 10).barcode, quantity: "2" },
      ]);
    },
  },
  {
    tool: "get_product_image",
    args: (books) => ({ item_code: item(books, 0).code }),
    check(data) {
      assert.equal(data.mime_type, "image/png");
      assert.ok(Number(data.size_bytes) > 50);
    },
  },
  {
    tool: "validate_qr_code",
    args: () => ({ qr_hex: QR_HEX }),
    check(data) {
      assert.equal(data.is_well_formed, true);
      assert.equal(data.is_complete, true);
      assert.equal(at(data, "fields", 0, "text"), "Clara & Cie");
      assert.match(String(data.note), /nothing about whether/);
    },
  },
];

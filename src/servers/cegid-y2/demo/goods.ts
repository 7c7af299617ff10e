import { toText, toUnits } from "../decimal.ts";
import { fields, items, type Value } from "../soap/value.ts";
import { all, find, textAt, type XmlNode } from "../soap/xml-node.ts";
import { BookFault } from "./fault.ts";
import { pageOf } from "./flatten.ts";
import { itemOf } from "./sale-documents.ts";
import { stockKey, type Books, type Item } from "./state.ts";

type Handler = (books: Books, request: XmlNode) => Value;

const inStore = (books: Books, storeId: string, { barcode }: Item): bigint =>
  toUnits(books.stock.get(stockKey(storeId, barcode)) ?? "0");

/** `IItemInventoryWcfService`. */
export const stock: Readonly<Record<string, Handler>> = {
  GetAvailableQty(books, request) {
    const item = itemOf(books, find(request, "itemIdentifier"));
    const place = textAt(request, "storeId") ?? textAt(request, "warehouseId");
    const store = books.stores.find(({ id, warehouseId }) => id === place || warehouseId === place);
    if (!store) return fields({ AvailableQty: "0", QueryStatus: "StoreNotFound" });
    return fields({ AvailableQty: toText(inStore(books, store.id, item)), QueryStatus: "Ok" });
  },
  GetAvailableCumulativeQtyAllStores(books, request) {
    const item = itemOf(books, find(request, "itemIdentifier"));
    const sum = books.stores.reduce((total, { id }) => total + inStore(books, id, item), 0n);
    return fields({ AvailableQty: toText(sum), QueryStatus: "Ok" });
  },
  GetInventoryDetailByStore(books, request) {
    const item = itemOf(books, find(request, "itemIdentifier"));
    return items(
      "AvailableQtyByStore",
      books.stores.map(({ id, name }) =>
        fields({
          AvailableQty: toText(inStore(books, id, item)),
          StoreDescription: name,
          StoreId: id,
        }),
      ),
    );
  },
  GetListItemInventoryDetailByStore(books, request) {
    const asked = find(request, "inventoryStoreItemDetailRequest");
    const wanted = all(asked, "ItemIdentifiers", "ItemIdentifier");
    const places = all(asked, "StoreIds", "string").map(({ text }) => text);
    const onlyAvailable = textAt(asked, "OnlyAvailableStock") === "true";
    const stores = books.stores.filter(({ id }) => places.length === 0 || places.includes(id));
    const page = pageOf(wanted, find(asked, "Pager")).map((identifier) =>
      itemOf(books, identifier),
    );
    const isDetailed = textAt(asked, "DetailSku") === "true";
    const toStore = (item: Item) =>
      stores
        .filter(({ id }) => !onlyAvailable || inStore(books, id, item) > 0n)
        .map(({ id, name }) => {
          const AvailableQty = toText(inStore(books, id, item));
          const sku = fields({ AvailableQty, Dimension1: item.size, Dimension2: item.colour });
          return fields({
            AvailableQuantity: AvailableQty,
            AvailableSkusQty: items("AvailableSkuQty", isDetailed ? [sku] : []),
            StoreId: id,
            StoreName: name,
          });
        });
    return fields({
      InventoryDetailsByStore: items(
        "AvailableQtyByItemByStore",
        page.map((item) =>
          fields({
            ItemCode: item.code,
            StoresAvailableQty: items("StoreAvailableQty", toStore(item)),
          }),
        ),
      ),
    });
  },
  UpdateShoppingCart(books, request) {
    const asked = find(request, "request");
    const { barcode } = itemOf(books, find(asked, "ItemIdentifier"));
    books.carts.set(
      stockKey(textAt(asked, "WarehouseId") ?? "", barcode),
      textAt(asked, "Quantity") ?? "0",
    );
    return null;
  },
  ResetShoppingCart(books, request) {
    const asked = find(request, "request");
    const { barcode } = itemOf(books, find(asked, "ItemIdentifier"));
    books.carts.delete(stockKey(textAt(asked, "WarehouseId") ?? "", barcode));
    return null;
  },
};

const byBarcodes = (books: Books, request: XmlNode): readonly Item[] => {
  const barcodes = all(request, "Request", "Barcodes", "string").map(({ text }) => text.trim());
  return barcodes.length === 0
    ? books.items
    : books.items.filter(({ barcode }) => barcodes.includes(barcode));
};

/** The newer services for products, prices, categories and transfers, by contract and method. */
export const products: Readonly<Record<string, Handler>> = {
  "IMerchandiseItemsWebService/GetListDetail"(books, request) {
    const page = pageOf(byBarcodes(books, request), find(request, "Request", "Paging"));
    return fields({
      MerchandiseItems: items("MerchandiseItem", page.map(toItem)),
      Pagination: fields({ Count: String(page.length) }),
    });
  },
  "IEngine2WebService/GetListDetail"(books, request) {
    const store = books.stores.find(({ id }) => id === textAt(request, "Request", "StoreId"));
    if (!store) throw new BookFault("(WP008) Operation failed: the store is unknown");
    return fields({
      CurrencyId: store.currency,
      Prices: items("Price", byBarcodes(books, request).map(toPrice)),
    });
  },
  "ICategoriesWebService/GetValues"(books, request) {
    const values = books.categories.get(textAt(request, "Request", "CategoryId") ?? "") ?? [];
    const page = pageOf(values, find(request, "Request", "Paging"));
    return fields({
      Values: items(
        "Value",
        page.map(({ id, name }) => fields({ Description: name, Id: id })),
      ),
    });
  },
  "IItemsDeliveryManagementWebService/Create"(books, request) {
    const header = find(request, "Request", "Header");
    const reference = textAt(header, "ExternalReference") ?? "";
    const [from, to] = ["Sender", "Recipient"].map((side) => textAt(header, side, "StoreId") ?? "");
    if (books.transfers.some((one) => one.reference === reference))
      throw new BookFault("(CBR00009) Import failed because the document already exists");
    if (![from, to].every((place) => books.stores.some(({ id }) => id === place)))
      throw new BookFault("(CBR00006) Document creation failed: the store is unknown");
    const lines = all(request, "Request", "Lines", "Line").map((line) => ({
      barcode: itemOf(books, find(line, "ItemIdentifier")).barcode,
      quantity: textAt(line, "Quantity") ?? "0",
    }));
    const transfer = {
      number: books.transfers.length + 1,
      stump: from ?? "",
      from: from ?? "",
      to: to ?? "",
      reference,
      lines,
    };
    books.transfers.push(transfer);
    for (const { barcode, quantity } of lines) {
      const key = stockKey(transfer.from, barcode);
      books.stock.set(key, toText(toUnits(books.stock.get(key) ?? "0") - toUnits(quantity)));
    }
    const Key = fields({
      Number: String(transfer.number),
      Stub: transfer.stump,
      Type: "SentTransfer",
    });
    return fields({ Documents: items("Document", [fields({ Key })]) });
  },
};

const toItem = (item: Item): Value =>
  fields({
    Characteristics: fields({
      Categories: items(
        "Category",
        item.categories.map((Id) => fields({ Id })),
      ),
      Collections: fields({ Current: item.collection }),
      ComplementaryDescription: item.details,
      MainSupplierId: item.supplier,
      Properties: fields({ SalesSuspended: false }),
    }),
    Closed: item.isClosed,
    Description: item.description,
    Identification: fields({ Identifier: fields({ Barcode: item.barcode, Id: item.id }) }),
    Status: "Normal",
    SystemFields: fields({
      CreationDate: "2025-11-03T09:00:00",
      UpdateDate: "2026-02-11T16:20:00",
    }),
  });

const toPrice = (item: Item, at: number): Value =>
  fields({
    Barcode: item.barcode,
    ItemId: item.id,
    PeriodId: "BASE",
    PriceListTypeId: "TTC",
    UnitPrice: fields({
      Base: item.price,
      Current: item.price,
      DiscountPercent: "0.000000",
      MarkdownReasonId: at < 0 ? "" : undefined,
    }),
  });

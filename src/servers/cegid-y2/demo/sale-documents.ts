import { times, toText, toUnits } from "../decimal.ts";
import { documentType } from "../document-id.ts";
import { fields, items, type Value } from "../soap/value.ts";
import { all, find, textAt, type XmlNode } from "../soap/xml-node.ts";
import { flatten, pageOf } from "./flatten.ts";
import { BookFault, unknownDocument } from "./fault.ts";
import { stockKey, type Books, type DocumentLine, type Item, type SaleDocument } from "./state.ts";

type Handler = (books: Books, request: XmlNode, at: { readonly now: () => string }) => Value;

/** `ISaleDocumentService`. */
export const saleDocuments: Readonly<Record<string, Handler>> = {
  GetHeaderList(books, request) {
    const asked = find(request, "searchRequest");
    const types = all(asked, "DocumentTypes", "SaleDocumentType").map(({ text }) => text);
    const stores = all(asked, "StoreIds", "string").map(({ text }) => text);
    const [begin, end] = [textAt(asked, "BeginDate"), textAt(asked, "EndDate")];
    const customer = textAt(asked, "CustomerId");
    const active = textAt(asked, "Active");
    const found = books.documents
      .filter((one) => types.length === 0 || types.includes(one.type))
      .filter((one) => stores.length === 0 || stores.includes(one.storeId))
      .filter((one) => customer === null || one.customerId === customer)
      .filter((one) => begin === null || one.date >= begin)
      .filter((one) => end === null || one.date <= end)
      .filter((one) => active !== "true" || one.isActive);
    const page = pageOf(found, find(asked, "Pager"));
    return fields({ Headers: items("Get_Header", page.map(toHeader)) });
  },
  GetByKey: (books, request) => toReply(byKey(books, find(request, "searchRequest", "Key"))),
  GetByReference(books, request) {
    const reference = textAt(request, "searchRequest", "Reference", "InternalReference");
    const type = textAt(request, "searchRequest", "Reference", "Type");
    const found = books.documents.find(
      (one) => one.internalReference === reference && one.type === type,
    );
    if (!found) throw unknownDocument();
    return toReply(found);
  },
  GetByExternalReference(books, request) {
    const reference = textAt(request, "searchRequest", "ExternalReference");
    const type = textAt(request, "searchRequest", "Type");
    const found = books.documents.filter(
      (one) => one.externalReference === reference && one.type === type,
    );
    return fields({ Get_Replies: items("Get_Reply", found.map(toReply)) });
  },
  Create: (books, request, { now }) => create(books, find(request, "createRequest"), null, now()),
  CustomersReservationCreate: (books, request, { now }) =>
    create(
      books,
      find(request, "customersReservationCreateRequest"),
      "CustomersReservation",
      now(),
    ),
  UpdateHeader(books, request) {
    const asked = find(request, "updateHeaderRequest");
    const document = usable(byKey(books, find(asked, "Identifier", "Key")));
    document.comment = textAt(asked, "Comment") ?? document.comment;
    document.externalReference = textAt(asked, "ExternalReference") ?? document.externalReference;
    document.salesPersonId = textAt(asked, "SalesPersonId") ?? document.salesPersonId;
    for (const [name, value] of flatten(find(asked, "OmniChannel"))) document.omni.set(name, value);
    for (const kind of ["DeliveryAddress", "InvoicingAddress"])
      for (const [name, value] of flatten(find(asked, kind)))
        document.addresses.set(`${kind}.${name}`, value);
    return null;
  },
  UpdatePayments(books, request) {
    const asked = find(request, "updatePaymentsRequest");
    const document = usable(byKey(books, find(asked, "Identifier", "Key")));
    document.payments = paymentsOf(asked, "Update_Payment", document.currency);
    return null;
  },
  Cancel(books, request) {
    const asked = find(request, "cancelRequest");
    const document = byKey(books, find(asked, "Identifier", "Key"));
    if (document.status === "Canceled")
      throw new BookFault("(WP008) Order cancelled. No processing authorised");
    const reason = textAt(asked, "ReasonId");
    if (reason === null) throw new BookFault("The reason is mandatory", ["ReasonId"]);
    document.status = "Canceled";
    document.isActive = false;
    document.cancelReason = reason;
    return null;
  },
  Close(books, request) {
    usable(byKey(books, find(request, "closeRequest", "Identifier", "Key"))).isActive = false;
    return null;
  },
  Lock(books, request) {
    usable(byKey(books, find(request, "lockRequest", "Identifier", "Key"))).isLocked = true;
    return null;
  },
  Unlock(books, request) {
    byKey(books, find(request, "unlockRequest", "Identifier", "Key")).isLocked = false;
    return null;
  },
};

function byKey(books: Books, key: XmlNode | null): SaleDocument {
  const [type, stump, number] = ["Type", "Stump", "Number"].map((name) => textAt(key, name));
  const found = books.documents.find(
    (one) => one.type === type && one.stump === stump && String(one.number) === number,
  );
  if (!found) throw unknownDocument();
  return found;
}

function usable(document: SaleDocument): SaleDocument {
  if (document.status === "Canceled")
    throw new BookFault("(WP008) Order cancelled. No processing authorised");
  if (document.isLocked) throw new BookFault("(WP008) The document is locked");
  if (!document.isActive) throw new BookFault("(WP008) The document is closed");
  return document;
}

function create(
  books: Books,
  asked: XmlNode | null,
  fixed: "CustomersReservation" | null,
  now: string,
) {
  const header = find(asked, "Header");
  const type = fixed ?? documentType.safeParse(textAt(header, "Type")).data;
  const store = books.stores.find(({ id }) => id === textAt(header, "StoreId"));
  const customerId = textAt(header, "CustomerId");
  if (!type) throw new BookFault("(CBR00006) Document creation failed: unknown type", ["Type"]);
  if (!store) throw new BookFault("(CBR00006) Document creation failed: the store is unknown");
  if (customerId !== null && !books.customers.has(customerId))
    throw new BookFault("(CBR00006) Document creation failed: the customer is unknown");
  const externalReference = textAt(header, "ExternalReference");
  if (
    books.documents.some((one) => one.type === type && one.externalReference === externalReference)
  )
    throw new BookFault("(CBR00009) Import failed because the document already exists");
  const each = fixed ? "CustomersReservationCreate_Line" : "Create_Line";
  const lines = all(asked, "Lines", each).map((line) => toLine(books, line));
  const numbers = books.documents.filter((one) => one.type === type && one.stump === store.id);
  const currency = textAt(header, "CurrencyId") ?? store.currency;
  const document: SaleDocument = {
    type,
    stump: store.id,
    number: Math.max(0, ...numbers.map((one) => one.number)) + 1,
    date: textAt(header, "Date") ?? now,
    storeId: store.id,
    warehouseId: textAt(header, "WarehouseId") ?? store.warehouseId,
    customerId,
    currency,
    lines,
    payments: paymentsOf(asked, "Create_Payment", currency),
    status: type === "Receipt" ? "Recovered" : "InProgress",
    isActive: type !== "Receipt",
    isLocked: false,
    internalReference: textAt(header, "InternalReference") ?? `INT-${books.documents.length + 1}`,
    externalReference,
    salesPersonId: textAt(header, "SalesPersonId"),
    comment: textAt(header, "Comment"),
    cancelReason: null,
    omni: new Map(flatten(find(header, "OmniChannel"))),
    addresses: new Map(
      ["DeliveryAddress", "InvoicingAddress"].flatMap((kind) =>
        flatten(find(asked, kind)).map(([name, value]) => [`${kind}.${name}`, value] as const),
      ),
    ),
  };
  books.documents.push(document);
  if (type === "Receipt") takeFromStock(books, document);
  return fields({ Key: keyOf(document) });
}

function takeFromStock(books: Books, { storeId, lines }: SaleDocument): void {
  for (const { item, quantity } of lines) {
    const key = stockKey(storeId, item.barcode);
    books.stock.set(key, toText(toUnits(books.stock.get(key) ?? "0") - toUnits(quantity)));
  }
}

function toLine(books: Books, line: XmlNode): DocumentLine {
  const item = itemOf(books, find(line, "ItemIdentifier"));
  const unitPrice = textAt(line, "UnitPrice") ?? item.price;
  return {
    item,
    quantity: textAt(line, "Quantity") ?? "1",
    unitPrice,
    netUnitPrice: textAt(line, "NetUnitPrice") ?? unitPrice,
    label: textAt(line, "Label"),
    serialNumber: textAt(line, "SerialNumberId"),
    comment: textAt(line, "Comment"),
  };
}

export function itemOf(books: Books, identifier: XmlNode | null): Item {
  const [id, reference] = [textAt(identifier, "Id"), textAt(identifier, "Reference")];
  const found = books.items.find(
    (item) => item.barcode === reference || (id !== null && item.id.trim() === id),
  );
  if (!found) throw new BookFault("(WP008) Operation failed: the item is unknown");
  return found;
}

const paymentsOf = (asked: XmlNode | null, each: string, currency: string) =>
  all(asked, "Payments", each).map((payment) => ({
    methodId: textAt(payment, "MethodId") ?? "",
    amount: textAt(payment, "Amount") ?? "0",
    currency: textAt(payment, "CurrencyId") ?? currency,
    dueDate: textAt(payment, "DueDate"),
  }));

const keyOf = ({ number, stump, type }: SaleDocument) =>
  fields({ Number: String(number), Stump: stump, Type: type });

/** What a document comes to. Prices hold a fifth of tax. */
function totalsOf(document: SaleDocument) {
  const included = document.lines.reduce(
    (sum, line) => sum + times(toUnits(line.quantity), toUnits(line.netUnitPrice)),
    0n,
  );
  return {
    included,
    excluded: withoutTax(included),
    quantity: document.lines.reduce((sum, line) => sum + toUnits(line.quantity), 0n),
  };
}

/** In whole cents. */
const withoutTax = (included: bigint): bigint => ((included * 10n) / 12n / 1_000_000n) * 1_000_000n;

function toHeader(document: SaleDocument): Value {
  const { included, excluded, quantity } = totalsOf(document);
  return fields({
    Active: document.isActive,
    Comment: document.comment,
    CurrencyId: document.currency,
    CustomerId: document.customerId,
    Date: document.date,
    InternalReference: document.internalReference,
    Key: keyOf(document),
    OmniChannel: fields(Object.fromEntries(document.omni)),
    Origin: document.externalReference ? "ECommerce" : "Shop",
    SalesPersonId: document.salesPersonId,
    Status: document.status,
    StoreId: document.storeId,
    TaxExcludedTotalAmount: toText(excluded),
    TaxIncludedTotalAmount: toText(included),
    TotalQuantity: toText(quantity),
    WarehouseId: document.warehouseId,
  });
}

const toReply = (document: SaleDocument): Value =>
  fields({
    DeliveryAddress: addressOf(document, "DeliveryAddress"),
    Header: toHeader(document),
    InvoicingAddress: addressOf(document, "InvoicingAddress"),
    Lines: items(
      "Get_Line",
      document.lines.map((line, at) => lineOf(document, line, at)),
    ),
    Payments: items(
      "Get_Payment",
      document.payments.map((payment) =>
        fields({
          Amount: payment.amount,
          Code: payment.methodId,
          Currency: payment.currency,
          DueDate: payment.dueDate,
          IsReceivedPayment: true,
          Label: payment.methodId === "ESP" ? "Espèces" : "Carte bancaire",
        }),
      ),
    ),
  });

const lineOf = (document: SaleDocument, line: DocumentLine, at: number): Value =>
  fields({
    Comment: line.comment,
    ItemCode: line.item.code,
    ItemId: line.item.id,
    ItemReference: line.item.barcode,
    Label: line.label ?? line.item.description,
    Quantity: line.quantity,
    Rank: String(at + 1),
    SerialNumberId: line.serialNumber,
    TaxExcludedNetUnitPrice: toText(withoutTax(toUnits(line.netUnitPrice))),
    TaxExcludedUnitPrice: toText(withoutTax(toUnits(line.unitPrice))),
    TaxIncludedNetUnitPrice: line.netUnitPrice,
    TaxIncludedUnitPrice: line.unitPrice,
    WarehouseId: document.warehouseId,
  });

const addressOf = ({ addresses }: SaleDocument, kind: string): Value =>
  fields(
    Object.fromEntries(
      [...addresses]
        .filter(([name]) => name.startsWith(`${kind}.`))
        .map(([name, value]) => [name.slice(kind.length + 1), value]),
    ),
  );

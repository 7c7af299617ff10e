import { Failure } from "../../kit/failure.ts";
import { beginOf, endOf } from "../days.ts";
import { keyFields, type DocumentKey, type DocumentType } from "../document-id.ts";
import { toDocument, toHeader, type DocumentOut, type HeaderOut } from "../documents.ts";
import { pager } from "../pages.ts";
import { OPERATIONS } from "../soap/operation.ts";
import { fields, items, strings } from "../soap/value.ts";
import { all } from "../soap/xml-node.ts";
import type { Asker, Y2 } from "./y2.ts";

export interface HeaderFilters {
  readonly types: readonly DocumentType[];
  readonly customerId?: string | undefined;
  readonly storeIds?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly isActive?: boolean | undefined;
}

/** One page of headers. */
export async function listHeaders(
  y2: Y2,
  asker: Asker,
  filters: HeaderFilters,
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly HeaderOut[]> {
  const { types, customerId, storeIds, from, to, isActive } = filters;
  const request = fields({
    Active: isActive,
    BeginDate: from === undefined ? undefined : beginOf(from),
    CustomerId: customerId,
    DocumentTypes: items("SaleDocumentType", types),
    EndDate: to === undefined ? undefined : endOf(to),
    Pager: pager(page),
    StoreIds: strings(storeIds),
  });
  const result = await y2.ask(asker, {
    operation: OPERATIONS.headerList,
    parameters: [["searchRequest", request]],
    kind: "documents",
  });
  return all(result, "Headers", "Get_Header").map(toHeader);
}

const PAGE = 200;
const MAX_PAGES = 100;

/** Every page, up to 20,000 headers. */
export async function allHeaders(
  y2: Y2,
  asker: Asker & { readonly progress?: (done: number, total: number) => Promise<void> },
  filters: HeaderFilters,
): Promise<{ readonly rows: readonly HeaderOut[]; readonly isWhole: boolean }> {
  const rows: HeaderOut[] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await listHeaders(y2, asker, filters, { limit: PAGE, offset: page * PAGE });
    rows.push(...found);
    if (found.length < PAGE) return { rows, isWhole: true };
    await asker.progress?.(page + 1, page + 2);
  }
  return { rows, isWhole: false };
}

/** Throws NOT_FOUND. */
export async function getDocument(
  y2: Y2,
  asker: Asker,
  key: DocumentKey,
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): Promise<DocumentOut> {
  const result = await y2.ask(asker, {
    operation: OPERATIONS.byKey,
    parameters: [["searchRequest", fields({ Key: keyFields(key) })]],
    kind: "documents",
    isFresh,
  });
  if (result === null || result.children.length === 0) throw noDocument();
  return toDocument(result);
}

/** Documents of that type that bear the reference of another system. */
export async function byExternalReference(
  y2: Y2,
  asker: Asker,
  type: DocumentType,
  reference: string,
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): Promise<readonly DocumentOut[]> {
  const request = fields({ ExternalReference: reference, Type: type });
  const result = await y2.ask(asker, {
    operation: OPERATIONS.byExternalReference,
    parameters: [["searchRequest", request]],
    kind: "documents",
    isFresh,
  });
  const replies = all(result, "Get_Reply");
  return (replies.length > 0 ? replies : all(result, "Get_Replies", "Get_Reply")).map(toDocument);
}

export async function byInternalReference(
  y2: Y2,
  asker: Asker,
  asked: {
    readonly type: DocumentType;
    readonly reference: string;
    readonly customerId: string | undefined;
  },
): Promise<DocumentOut> {
  const reference = fields({
    CustomerId: asked.customerId,
    InternalReference: asked.reference,
    Type: asked.type,
  });
  const result = await y2.ask(asker, {
    operation: OPERATIONS.byReference,
    parameters: [["searchRequest", fields({ Reference: reference })]],
    kind: "documents",
  });
  if (result === null || result.children.length === 0) throw noDocument();
  return toDocument(result);
}

const noDocument = (): Failure =>
  new Failure("NOT_FOUND", "There is no such document.", {
    hint: "list_invoices, list_orders and list_documents show which there are.",
  });

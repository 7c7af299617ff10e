import { z } from "zod";
import { Failure, toFailure } from "../../kit/failure.ts";
import { defineTool } from "../../kit/tool.ts";
import {
  byExternalReference,
  byInternalReference,
  getDocument,
  listHeaders,
} from "../api/sale-documents.ts";
import type { CegidDeps } from "../deps.ts";
import { documentIdIn, documentType, toKey } from "../document-id.ts";
import { documentOut, documentText, headerOut, headerTable } from "../documents.ts";

const MAX_BATCH = 50;
/** Headers that a search looks at, the newest pages of Y2 first come first. */
const SEARCHED = 500;

export const documentReads = (deps: CegidDeps) => [
  detailOf(deps, "get_invoice_details", "Read an invoice", "invoice_id"),
  detailOf(deps, "get_order_details", "Read an order", "order_id"),
  batch(deps),
  search(deps),
  byReference(deps),
  byExternal(deps),
];

const detailOf = (deps: CegidDeps, name: string, title: string, idName: string) =>
  defineTool({
    name,
    title,
    description: "One sale document with its lines, payments and addresses.",
    effect: "read",
    input: z.object({ [idName]: documentIdIn }),
    output: documentOut,
    async run(given, call) {
      const document = await getDocument(deps.y2, call, toKey(given[idName] ?? ""));
      return { data: document, text: documentText(document) };
    },
  });

const batch = (deps: CegidDeps) =>
  defineTool({
    name: "batch_get_invoices",
    title: "Read several invoices",
    description: `Up to ${MAX_BATCH} sale documents. What cannot be read is told beside the others.`,
    effect: "read",
    input: z.object({ invoice_ids: z.array(documentIdIn).min(1).max(MAX_BATCH) }),
    output: z.object({
      documents: z.array(documentOut),
      failed: z.array(z.object({ id: z.string(), code: z.string(), problem: z.string() })),
    }),
    async run({ invoice_ids }, call) {
      const settled = await Promise.all(
        [...new Set(invoice_ids)].map(async (id) => {
          try {
            return { document: await getDocument(deps.y2, call, toKey(id)) };
          } catch (thrown) {
            call.signal.throwIfAborted();
            const { code, message } = toFailure(thrown);
            return { failed: { id, code, problem: message } };
          }
        }),
      );
      const documents = settled.flatMap(({ document }) => document ?? []);
      const failed = settled.flatMap((one) => one.failed ?? []);
      const told = failed.map(({ id, problem }) => `${id}: ${problem}`);
      return { data: { documents, failed }, text: [headerTable(documents), ...told].join("\n") };
    },
  });

const search = (deps: CegidDeps) =>
  defineTool({
    name: "search_invoices",
    title: "Search invoices",
    description: `Receipts, deliveries and orders by words: an external reference exactly, or a part of the number, the internal reference, the customer, the store or the comment among ${SEARCHED} headers. Cegid Y2 itself has no search by words.`,
    effect: "read",
    input: z.object({
      query: z.string().trim().min(1).max(100),
      limit: z.int().min(1).max(200).default(50),
    }),
    output: z.object({
      documents: z.array(headerOut),
      is_whole: z.boolean().describe("False: there are headers that were not looked at"),
      looked_at: z.int(),
    }),
    async run({ query, limit }, call) {
      const types = ["Receipt", "CustomerDelivery", "CustomerOrder"] as const;
      const exact = await Promise.all(
        types.map((type) => byExternalReference(deps.y2, call, type, query).catch(noneIfMissing)),
      );
      const page = { limit: SEARCHED, offset: 0 };
      const headers = await listHeaders(deps.y2, call, { types }, page);
      const words = query.toLowerCase();
      const matching = headers.filter((row) =>
        [row.id, row.internal_reference, row.customer_id, row.store_id, row.comment].some((text) =>
          text?.toLowerCase().includes(words),
        ),
      );
      const byId = new Map([...exact.flat(), ...matching].map((row) => [row.id, row]));
      const documents = [...byId.values()].slice(0, limit);
      return {
        data: {
          documents,
          is_whole: headers.length < SEARCHED && byId.size <= limit,
          looked_at: headers.length,
        },
        text: headerTable(documents),
      };
    },
  });

/** Some versions say with a fault that nothing bears the reference. */
function noneIfMissing(thrown: unknown): readonly [] {
  if (thrown instanceof Failure && thrown.code === "NOT_FOUND") return [];
  throw thrown;
}

const byReference = (deps: CegidDeps) =>
  defineTool({
    name: "get_document_by_reference",
    title: "Read a document by its internal reference",
    description: "One sale document by its type and internal reference.",
    effect: "read",
    input: z.object({
      type: documentType,
      internal_reference: z.string().trim().min(1).max(60),
      customer_id: z.string().trim().min(1).max(60).optional(),
    }),
    output: documentOut,
    async run({ type, internal_reference, customer_id }, call) {
      const document = await byInternalReference(deps.y2, call, {
        type,
        reference: internal_reference,
        customerId: customer_id,
      });
      return { data: document, text: documentText(document) };
    },
  });

const byExternal = (deps: CegidDeps) =>
  defineTool({
    name: "find_documents_by_external_reference",
    title: "Find documents by external reference",
    description:
      "Sale documents of a type that bear the reference of another system, such as a web shop.",
    effect: "read",
    input: z.object({
      type: documentType,
      external_reference: z.string().trim().min(1).max(60),
    }),
    output: z.object({ documents: z.array(documentOut) }),
    async run({ type, external_reference }, call) {
      const documents = await byExternalReference(deps.y2, call, type, external_reference).catch(
        noneIfMissing,
      );
      return { data: { documents: [...documents] }, text: headerTable(documents) };
    },
  });

import { z } from "zod";
import { defineTool } from "../../kit/tool.ts";
import { listHeaders, type HeaderFilters } from "../api/sale-documents.ts";
import { dayIn } from "../days.ts";
import type { CegidDeps } from "../deps.ts";
import { documentType, type DocumentType } from "../document-id.ts";
import { headerOut, headerTable } from "../documents.ts";
import { pageInfo, pagesIn, pagesOut } from "../pages.ts";

const idIn = z.string().trim().min(1).max(60);

const filtersIn = z.strictObject({
  customer_id: idIn.optional().describe("From list_customers"),
  store_ids: z.array(idIn).max(100).optional(),
  date_from: dayIn.optional().describe("First day"),
  date_to: dayIn.optional().describe("Last day"),
  active: z.boolean().optional().describe("true: only open ones"),
});

const listOut = z.object({ documents: z.array(headerOut), ...pagesOut });

const RECEIPTS: readonly DocumentType[] = ["Receipt", "CustomerDelivery"];
const ORDERS: readonly DocumentType[] = ["CustomerOrder", "AvailableOrder", "CustomersReservation"];

/** Lists of sale documents: they differ in their types only. */
export const documentLists = (deps: CegidDeps) => [
  listOf(deps, {
    name: "list_invoices",
    title: "List invoices",
    description:
      "Receipts and deliveries to customers: what Cegid Y2 has for invoices. Filtered by customer, store, day.",
    types: RECEIPTS,
  }),
  listOf(deps, {
    name: "list_orders",
    title: "List orders",
    description:
      "Orders and reservations of customers. Filtered by customer, store, day, open or not.",
    types: ORDERS,
  }),
  listAny(deps),
];

interface ListKind {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly types: readonly DocumentType[];
}

const listOf = (deps: CegidDeps, { types, ...named }: ListKind) =>
  defineTool({
    ...named,
    effect: "read",
    input: z.object({ filters: filtersIn.default({}), ...pagesIn }),
    output: listOut,
    async run({ filters, ...page }, call) {
      const rows = await listHeaders(deps.y2, call, toFilters(filters, types), page);
      return {
        data: { documents: [...rows], ...pageInfo(page, rows.length) },
        text: headerTable(rows),
      };
    },
  });

const listAny = (deps: CegidDeps) =>
  defineTool({
    name: "list_documents",
    title: "List documents of any type",
    description:
      "Sale documents of the types that are named: also returns, deliveries in preparation, receipts on hold.",
    effect: "read",
    input: z.object({
      types: z.array(documentType).min(1).max(9),
      filters: filtersIn.default({}),
      ...pagesIn,
    }),
    output: listOut,
    async run({ types, filters, ...page }, call) {
      const rows = await listHeaders(deps.y2, call, toFilters(filters, types), page);
      return {
        data: { documents: [...rows], ...pageInfo(page, rows.length) },
        text: headerTable(rows),
      };
    },
  });

const toFilters = (
  given: z.output<typeof filtersIn>,
  types: readonly DocumentType[],
): HeaderFilters => ({
  types,
  customerId: given.customer_id,
  storeIds: given.store_ids,
  from: given.date_from,
  to: given.date_to,
  isActive: given.active,
});

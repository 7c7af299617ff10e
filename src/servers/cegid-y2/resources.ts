import { z } from "zod";
import { Failure } from "../kit/failure.ts";
import { defineResource, type ResourceDeclaration } from "../kit/resource.ts";
import { getCustomer, searchCustomers } from "./api/customers.ts";
import { getDocument, listHeaders } from "./api/sale-documents.ts";
import { dayAt, monthAt, monthFrom, monthIn } from "./days.ts";
import type { CegidDeps } from "./deps.ts";
import { toKey, type DocumentType } from "./document-id.ts";
import { pager } from "./pages.ts";
import { toProduct } from "./products.ts";
import { OPERATIONS } from "./soap/operation.ts";
import { fields, items, strings } from "./soap/value.ts";
import { all } from "./soap/xml-node.ts";
import { summarize } from "./summary.ts";
import { decoded } from "./uri-part.ts";

/** Rows of the lists; more of them are had by the tools. */
const ROWS = 50;
const JSON_TYPE = "application/json";
const RECEIPTS: readonly DocumentType[] = ["Receipt", "CustomerDelivery"];
const ORDERS: readonly DocumentType[] = ["CustomerOrder", "AvailableOrder", "CustomersReservation"];
const DASHBOARD_DAYS = 30;

const id = z.object({ id: z.string().min(1).max(200) });
const nothing = z.object({});

/** The ten of the original. Ids of documents have slashes in them: those may stand as they are. */
export const resources = (deps: CegidDeps) => [
  documentList(deps, "invoices", "Invoices", RECEIPTS),
  documentOne(deps, "invoices", "invoice", "An invoice", RECEIPTS),
  customerList(deps),
  customerOne(deps),
  productList(deps),
  productOne(deps),
  documentList(deps, "orders", "Orders", ORDERS),
  documentOne(deps, "orders", "order", "An order", ORDERS),
  financial(deps),
  dashboard(deps),
];

/** What the declarations below have in common. */
const json = <Params extends z.ZodObject>(
  resource: Omit<ResourceDeclaration<Params>, "mimeType">,
) => defineResource({ ...resource, mimeType: JSON_TYPE });

const documentList = (
  { y2 }: CegidDeps,
  path: string,
  title: string,
  types: readonly DocumentType[],
) =>
  json({
    name: path,
    title,
    description: `The first ${ROWS} in Cegid Y2's own order.`,
    uri: `cegid://${path}`,
    params: nothing,
    async read(_, call) {
      const documents = await listHeaders(y2, call, { types }, { limit: ROWS, offset: 0 });
      return { data: { documents } };
    },
  });

const documentOne = (
  { y2 }: CegidDeps,
  path: string,
  name: string,
  title: string,
  types: readonly DocumentType[],
) =>
  json({
    name,
    title,
    description: "One sale document, whole. The id is Type/Stump/Number.",
    uri: `cegid://${path}/{+id}`,
    params: id,
    async list(call) {
      const page = { limit: ROWS, offset: 0 };
      const found = await listHeaders(y2, call, { types }, page);
      return found.map((row) => ({ uri: `cegid://${path}/${row.id}`, name: row.id }));
    },
    read: async (given, call) => ({ data: await getDocument(y2, call, toKey(given.id)) }),
  });

const customerList = ({ y2 }: CegidDeps) =>
  json({
    name: "customers",
    title: "Customers",
    description: `The first ${ROWS} in Cegid Y2's own order.`,
    uri: "cegid://customers",
    params: nothing,
    read: async (_, call) => ({ data: { customers: await searchCustomers(y2, call, {}, ROWS) } }),
  });

const customerOne = ({ y2 }: CegidDeps) =>
  json({
    name: "customer",
    title: "A customer",
    description: "One customer, by id.",
    uri: "cegid://customers/{id}",
    params: id,
    read: async (given, call) => ({
      data: await getCustomer(y2, call, decoded(given.id)),
    }),
  });

async function productsOf(
  { y2 }: CegidDeps,
  call: Parameters<CegidDeps["y2"]["ask"]>[0],
  barcodes: readonly string[] | undefined,
) {
  const request = fields({
    Barcodes: strings(barcodes),
    Fields: items("FieldsType", ["SystemFields", "Characteristics"]),
    Paging: pager({ limit: ROWS, offset: 0 }),
  });
  const result = await y2.ask(call, {
    operation: OPERATIONS.products,
    parameters: [["Request", request]],
    kind: "products",
  });
  return all(result, "MerchandiseItems", "MerchandiseItem").map(toProduct);
}

const productList = (deps: CegidDeps) =>
  json({
    name: "products",
    title: "Products",
    description: `The first ${ROWS} in Cegid Y2's own order.`,
    uri: "cegid://products",
    params: nothing,
    read: async (_, call) => ({ data: { products: await productsOf(deps, call, undefined) } }),
  });

const productOne = (deps: CegidDeps) =>
  json({
    name: "product",
    title: "A product",
    description: "One product, by barcode.",
    uri: "cegid://products/{id}",
    params: id,
    async read(given, call) {
      const found = await productsOf(deps, call, [decoded(given.id)]);
      if (found[0] === undefined)
        throw new Failure("NOT_FOUND", "There is no product with this barcode.");
      return { data: found[0] };
    },
  });

const financial = (deps: CegidDeps) =>
  json({
    name: "financial",
    title: "Sales of a month",
    description: "The receipts of a month (YYYY-MM, or current), added up.",
    uri: "cegid://financial/{period}",
    params: z.object({ period: z.union([z.literal("current"), monthIn]) }),
    async list() {
      const month = monthAt(deps.clock.now(), deps.zone);
      return [0, -1, -2]
        .map((by) => monthFrom(month, by))
        .map((each) => ({ uri: `cegid://financial/${each}`, name: each }));
    },
    async read({ period }, call) {
      const month = period === "current" ? monthAt(deps.clock.now(), deps.zone) : period;
      return { data: await summarize(deps, call, month) };
    },
  });

const dashboard = (deps: CegidDeps) =>
  json({
    name: "dashboard",
    title: "Dashboard",
    description: "This month's sales, orders that are open, and the latest receipts.",
    uri: "cegid://dashboard",
    params: nothing,
    async read(_, call) {
      const now = deps.clock.now();
      const from = dayAt(new Date(now.getTime() - DASHBOARD_DAYS * 86_400_000), deps.zone);
      const page = { limit: ROWS, offset: 0 };
      const [month, orders, receipts] = await Promise.all([
        summarize(deps, call, monthAt(now, deps.zone)),
        listHeaders(deps.y2, call, { types: ORDERS, isActive: true }, page),
        listHeaders(deps.y2, call, { types: RECEIPTS, from }, page),
      ]);
      const latest = receipts.toSorted((one, other) =>
        (other.date ?? "").localeCompare(one.date ?? ""),
      );
      return {
        data: {
          month,
          open_orders: { count: orders.length, is_whole: orders.length < ROWS, orders },
          latest_receipts: latest.slice(0, 10),
        },
      };
    },
  });

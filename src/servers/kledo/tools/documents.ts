import type { Tool } from "../../kit/tool.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import type { KledoDeps } from "../deps.ts";
import { documentTools } from "./document-tools.ts";

const PAYMENT = "1 unpaid, 2 partially paid, 3 paid";
const PROGRESS = "5 open, 6 partially delivered, 7 closed";
const ORDER = `${PROGRESS}, 111 waiting for approval, 112 rejected`;

/** Everything that Kledo calls a document, of sales and of purchases. */
export const documents = (deps: KledoDeps): readonly Tool[] => [
  ...documentTools(deps, {
    listName: "invoice_list_sales",
    detailName: "invoice_get_detail",
    idName: "invoice_id",
    one: "sales invoice",
    many: "sales invoices",
    path: ENDPOINTS.invoices.list,
    cacheKind: "invoices",
    statuses: PAYMENT,
  }),
  ...documentTools(deps, {
    listName: "invoice_list_purchase",
    detailName: "purchase_invoice_get_detail",
    idName: "invoice_id",
    one: "purchase invoice",
    many: "purchase invoices",
    path: ENDPOINTS.purchaseInvoices.list,
    cacheKind: "purchase_invoices",
    statuses: PAYMENT,
  }),
  ...documentTools(deps, {
    listName: "order_list_sales",
    detailName: "order_get_detail",
    idName: "order_id",
    one: "sales order",
    many: "sales orders",
    path: ENDPOINTS.orders.list,
    cacheKind: "orders",
    statuses: ORDER,
  }),
  ...documentTools(deps, {
    listName: "order_list_purchase",
    detailName: "purchase_order_get_detail",
    idName: "order_id",
    one: "purchase order",
    many: "purchase orders",
    path: ENDPOINTS.purchaseOrders.list,
    cacheKind: "orders",
    statuses: ORDER,
  }),
  ...documentTools(deps, {
    listName: "delivery_list",
    detailName: "delivery_get_detail",
    idName: "delivery_id",
    one: "delivery",
    many: "deliveries",
    path: ENDPOINTS.deliveries.list,
    cacheKind: "deliveries",
    statuses: PROGRESS,
  }),
  ...documentTools(deps, {
    listName: "purchase_delivery_list",
    detailName: null,
    idName: "delivery_id",
    one: "purchase delivery",
    many: "purchase deliveries",
    path: ENDPOINTS.purchaseDeliveries.list,
    cacheKind: "deliveries",
    statuses: PROGRESS,
  }),
  ...documentTools(deps, {
    listName: "quote_list",
    detailName: null,
    idName: "quote_id",
    one: "quote",
    many: "quotes",
    path: ENDPOINTS.quotes.list,
    cacheKind: "orders",
    statuses: PROGRESS,
  }),
];

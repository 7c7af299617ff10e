import type { ServerDefinition } from "../kit/definition.ts";
import type { CegidDeps } from "./deps.ts";
import { prompts } from "./prompts.ts";
import { resources } from "./resources.ts";
import { customerTools } from "./tools/customers.ts";
import { documentChanges } from "./tools/document-changes.ts";
import { documentCreate } from "./tools/document-create.ts";
import { documentLists } from "./tools/document-lists.ts";
import { documentReads } from "./tools/document-reads.ts";
import { loyaltyTools } from "./tools/loyalty.ts";
import { productTools } from "./tools/products.ts";
import { reportTools } from "./tools/reports.ts";
import { restTools } from "./tools/rest.ts";
import { stockTools } from "./tools/stock.ts";

const INSTRUCTIONS = `Works with Cegid Y2 (Cegid Retail): shops, their sales, stock, customers and loyalty cards.
What are called invoices here are sale documents of Cegid Y2: receipts and deliveries; orders are orders and reservations of customers. Their id is Type/Stump/Number, such as Receipt/FFO001/123, and comes from lists.
Amounts are exact decimal texts; never add up different currencies. Products are named by barcode, stores and customers by the ids that lists give.
Lists have pages: pass next_offset as offset to go on. Cegid Y2 tells no totals.
Receipts are fiscal documents: they are not changed or deleted, only cancelled with a reason. Ask the person before you create, change or cancel anything. To create something a second time after an error, pass the same external_reference.`;

/** All that this server offers. */
export const describeCegidY2 = (
  deps: CegidDeps,
  version: string,
  health: ServerDefinition["health"],
): ServerDefinition => ({
  name: "cegid-y2",
  title: "Cegid Y2",
  version,
  instructions: INSTRUCTIONS,
  tools: [
    ...documentLists(deps),
    ...documentReads(deps),
    ...documentCreate(deps),
    ...documentChanges(deps),
    ...customerTools(deps),
    ...productTools(deps),
    ...stockTools(deps),
    ...loyaltyTools(deps),
    ...reportTools(deps),
    ...restTools(deps),
  ],
  resources: resources(deps),
  prompts,
  takesUserId: true,
  health,
});

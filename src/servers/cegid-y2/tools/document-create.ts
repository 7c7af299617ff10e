import { z } from "zod";
import { Failure, isPassing, toFailure } from "../../kit/failure.ts";
import type { Call } from "../../kit/call.ts";
import { defineTool } from "../../kit/tool.ts";
import { byExternalReference } from "../api/sale-documents.ts";
import { amountIn } from "../decimal.ts";
import { beginOf, dayAt, dayIn } from "../days.ts";
import { refuseMissing, refuseWrites, type CegidDeps } from "../deps.ts";
import { idAt, type DocumentType } from "../document-id.ts";
import {
  addressIn,
  lineIn,
  missingOf,
  paymentIn,
  refuseOtherTotal,
  toAddressFields,
  toLines,
  toPayments,
} from "../order-lines.ts";
import { OPERATIONS, type Operation } from "../soap/operation.ts";
import { fields, type Value } from "../soap/value.ts";
import { find } from "../soap/xml-node.ts";

const short = z.string().trim().min(1).max(60);

const common = {
  customer_id: short.describe("From list_customers"),
  amount: amountIn.optional().describe("What it comes to with tax; checked against the items"),
  currency: z.string().length(3).optional(),
  due_date: dayIn.optional().describe("When the payment is due"),
  notes: z.string().trim().max(250).optional(),
  items: z.array(lineIn).max(500).optional(),
  payments: z.array(paymentIn).max(20).optional(),
  store_id: short.optional().describe("Left out: the store of the server's settings"),
  warehouse_id: short.optional(),
  sales_person_id: short.optional(),
  date: dayIn.optional().describe("Left out: today"),
  external_reference: short
    .optional()
    .describe("Of the other system. With the same one nothing is ever created twice"),
};

const createdOut = z.object({
  id: z.string().describe("Type/Stump/Number"),
  external_reference: z.string(),
  already_existed: z.boolean().describe("True: nothing was created, it was there before"),
});

type Given = z.output<z.ZodObject<typeof common>>;

export const documentCreate = (deps: CegidDeps) => [createInvoice(deps), createReservation(deps)];

const createInvoice = (deps: CegidDeps) =>
  defineTool({
    name: "create_invoice",
    title: "Create an invoice or an order",
    description:
      "A receipt or an order of a customer. Wants items with barcode, quantity and price; a receipt also its payments. Receipts are fiscal documents: they cannot be changed later, only cancelled.",
    effect: "create",
    idempotent: false,
    input: z.object({
      type: z.enum(["Receipt", "CustomerOrder"]).default("Receipt"),
      ...common,
      delivery_address: addressIn.optional(),
      invoicing_address: addressIn.optional(),
    }),
    output: createdOut,
    async run(given, call) {
      const parts = partsOf(deps, given, given.type === "Receipt");
      const { type } = given;
      const reference = given.external_reference ?? `CLARA-${deps.createId()}`;
      const request = fields({
        DeliveryAddress: toAddressFields(given.delivery_address),
        Header: fields({
          ...headerOf(deps, given, reference),
          Origin: "ECommerce",
          Type: type,
        }),
        InvoicingAddress: toAddressFields(given.invoicing_address),
        Lines: toLines("Create_Line", parts.lines),
        Payments: toPayments("Create_Payment", parts.payments),
      });
      const parameters = [["createRequest", request]] as const;
      return once(deps, call, { type, reference, operation: OPERATIONS.create, parameters });
    },
  });

const createReservation = (deps: CegidDeps) =>
  defineTool({
    name: "create_reservation",
    title: "Reserve goods for a customer",
    description: "Sets goods of a store aside for a customer, until a day.",
    effect: "create",
    input: z.object({ ...common, expires_on: dayIn.optional() }),
    output: createdOut,
    async run(given, call) {
      const parts = partsOf(deps, given, false);
      const reference = given.external_reference ?? `CLARA-${deps.createId()}`;
      const request = fields({
        Header: fields({
          ...headerOf(deps, given, reference),
          ExpirationDate: given.expires_on && beginOf(given.expires_on),
        }),
        Lines: toLines("CustomersReservationCreate_Line", parts.lines),
        Payments: toPayments("Create_Payment", parts.payments),
      });
      return once(deps, call, {
        type: "CustomersReservation",
        reference,
        operation: OPERATIONS.createReservation,
        parameters: [["customersReservationCreateRequest", request]],
      });
    },
  });

/** Throws for what the model has to correct, before anything is sent. */
function partsOf(deps: CegidDeps, given: Given, isPaid: boolean) {
  refuseWrites(deps);
  const lines = given.items ?? [];
  const payments = (given.payments ?? []).map((payment) => ({
    ...payment,
    due_date: payment.due_date ?? given.due_date,
    currency: payment.currency ?? given.currency,
  }));
  refuseMissing(
    {
      ...(given.store_id || deps.defaultStoreId ? {} : { store_id: "which store sells it" }),
      ...(lines.length === 0 ? { items: "what is sold: barcode, quantity, price of one" } : {}),
      ...(isPaid && payments.length === 0
        ? { payments: "how it was paid: method_id, amount" }
        : {}),
      ...missingOf(lines),
    },
    "Cegid Y2",
  );
  refuseOtherTotal(given.amount, lines);
  return { lines, payments };
}

const headerOf = (
  { clock, zone, defaultStoreId }: CegidDeps,
  given: Given,
  reference: string,
): Readonly<Record<string, Value>> => ({
  Active: true,
  Comment: given.notes,
  CurrencyId: given.currency,
  CustomerId: given.customer_id,
  Date: beginOf(given.date ?? dayAt(clock.now(), zone)),
  ExternalReference: reference,
  SalesPersonId: given.sales_person_id,
  StoreId: given.store_id ?? defaultStoreId,
  TaxExcluded: false,
  WarehouseId: given.warehouse_id,
});

interface Creation {
  readonly type: DocumentType;
  readonly reference: string;
  readonly operation: Operation;
  readonly parameters: readonly (readonly [string, Value])[];
}

/** Looks before it creates, and after it when the answer got lost: the reference is there once or not at all. */
async function once(deps: CegidDeps, call: Call, creation: Creation) {
  const { operation, parameters, reference } = creation;
  const before = await existing(deps, call, creation);
  if (before) return answer(before, reference, true);
  try {
    const result = await deps.y2.ask(call, { operation, parameters, kind: "documents" });
    return answer(idAt(find(result, "Key") ?? result), reference, false);
  } catch (thrown) {
    const failure = toFailure(thrown);
    const isDuplicate = failure.code === "CONFLICT";
    if (!isDuplicate && !isPassing(failure)) throw failure;
    const after = await existing(deps, call, creation).catch(() => null); // The first failure is told.
    if (after) return answer(after, reference, isDuplicate);
    throw new Failure(failure.code, failure.message, {
      hint: `Call again with external_reference "${reference}": then it is not created twice.`,
      details: { external_reference: reference },
      cause: failure,
      ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    });
  }
}

async function existing(
  deps: CegidDeps,
  call: Call,
  { type, reference }: Creation,
): Promise<string | null> {
  try {
    const found = await byExternalReference(deps.y2, call, type, reference, { isFresh: true });
    return found[0]?.id ?? null;
  } catch (thrown) {
    if (toFailure(thrown).code === "NOT_FOUND") return null;
    throw thrown;
  }
}

const answer = (id: string, external_reference: string, already_existed: boolean) => ({
  data: { id, external_reference, already_existed },
  text: already_existed ? `${id} was there already.` : `Created ${id} (${external_reference}).`,
});

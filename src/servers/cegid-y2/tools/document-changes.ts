import { z } from "zod";
import { Failure } from "../../kit/failure.ts";
import type { Call } from "../../kit/call.ts";
import { defineTool } from "../../kit/tool.ts";
import { getDocument } from "../api/sale-documents.ts";
import { dayIn, beginOf } from "../days.ts";
import { refuseMissing, refuseWrites, type CegidDeps } from "../deps.ts";
import { documentIdIn, identifier, toId, toKey, type DocumentKey } from "../document-id.ts";
import { documentOut, documentText } from "../documents.ts";
import { addressIn, paymentIn, toAddressFields, toPayments } from "../order-lines.ts";
import { OPERATIONS, type Operation } from "../soap/operation.ts";
import { fields, type Value } from "../soap/value.ts";

const short = z.string().trim().min(1).max(60);

export const documentChanges = (deps: CegidDeps) => [
  updateInvoice(deps),
  deleteInvoice(deps),
  lockDocument(deps),
  plain(deps, {
    name: "unlock_document",
    title: "Unlock a document",
    description: "Makes a locked sale document usable again.",
    operation: OPERATIONS.unlock,
    wrapper: "unlockRequest",
  }),
  plain(deps, {
    name: "close_document",
    title: "Close a document",
    description:
      "Closes a sale document: nothing more can be delivered or changed. This cannot be undone.",
    operation: OPERATIONS.close,
    wrapper: "closeRequest",
  }),
];

const updateIn = z.strictObject({
  comment: z.string().trim().max(250).optional(),
  external_reference: short.optional(),
  external_reference_date: dayIn.optional(),
  followed_reference: short.optional(),
  sales_person_id: short.optional(),
  delivery_address: addressIn.optional(),
  invoicing_address: addressIn.optional(),
  follow_up_status: short.optional().describe("Such as Validated, InPreparation, Prepared"),
  shipping_status: z.enum(["Pending", "Totally", "Partially", "InProgress"]).optional(),
  payment_status: short.optional(),
  tracking: z.string().trim().max(100).optional(),
  transporter: short.optional(),
  payments: z.array(paymentIn).min(1).max(20).optional().describe("Replaces all payments"),
});

const updateInvoice = (deps: CegidDeps) =>
  defineTool({
    name: "update_invoice",
    title: "Change an invoice or an order",
    description:
      "Changes the header, the addresses, the progress or the payments of a document that is not closed. Lines are never changed.",
    effect: "update",
    idempotent: true,
    input: z.object({ invoice_id: documentIdIn, data: updateIn }),
    output: documentOut,
    async run({ invoice_id, data }, call) {
      refuseWrites(deps);
      const key = toKey(invoice_id);
      const { payments, ...header } = data;
      if (Object.values(data).every((value) => value === undefined))
        throw new Failure("INVALID_ARGUMENT", "There is nothing to change in data.");
      await refuseClosed(deps, call, key);
      if (Object.values(header).some((value) => value !== undefined))
        await order(deps, call, OPERATIONS.updateHeader, "updateHeaderRequest", {
          ...headerChanges(header),
          Identifier: identifier(key),
        });
      if (payments)
        await order(deps, call, OPERATIONS.updatePayments, "updatePaymentsRequest", {
          Identifier: identifier(key),
          Payments: toPayments("Update_Payment", payments),
        });
      const document = await getDocument(deps.y2, call, key, { isFresh: true });
      return { data: document, text: documentText(document) };
    },
  });

const headerChanges = (
  data: Omit<z.output<typeof updateIn>, "payments">,
): Readonly<Record<string, Value>> => ({
  Comment: data.comment,
  DeliveryAddress: toAddressFields(data.delivery_address),
  ExternalReference: data.external_reference,
  ExternalReferenceDate: data.external_reference_date && beginOf(data.external_reference_date),
  FollowedReference: data.followed_reference,
  InvoicingAddress: toAddressFields(data.invoicing_address),
  OmniChannel: fields({
    FollowUpStatus: data.follow_up_status,
    PaymentStatus: data.payment_status,
    ShippingStatus: data.shipping_status,
    Tracking: data.tracking,
    Transporter: data.transporter,
  }),
  SalesPersonId: data.sales_person_id,
});

async function refuseClosed(deps: CegidDeps, call: Call, key: DocumentKey): Promise<void> {
  const { is_active, status } = await getDocument(deps.y2, call, key, { isFresh: true });
  if (is_active !== false && status !== "Canceled") return;
  throw new Failure(
    "CONFLICT",
    status === "Canceled" ? "The document is cancelled." : "The document is closed.",
    { hint: "It cannot be changed any more. Trying again will not help." },
  );
}

const doneOut = z.object({ id: z.string(), done: z.string() });

const deleteInvoice = (deps: CegidDeps) =>
  defineTool({
    name: "delete_invoice",
    title: "Cancel an invoice or an order",
    description:
      "Cancels a sale document, with a reason of Cegid Y2's list. Nothing is ever deleted there: the document stays, as cancelled. This cannot be undone.",
    effect: "delete",
    input: z.object({
      invoice_id: documentIdIn,
      reason_id: short.optional().describe("Code of the reason, as Cegid Y2 has it"),
    }),
    output: doneOut,
    async run({ invoice_id, reason_id }, call) {
      refuseWrites(deps);
      const key = toKey(invoice_id);
      refuseMissing(
        reason_id ? {} : { reason_id: "the code of the reason for cancelling, as Cegid Y2 has it" },
        "Cancelling",
      );
      await order(deps, call, OPERATIONS.cancel, "cancelRequest", {
        Identifier: identifier(key),
        ReasonId: reason_id,
      });
      return { data: { id: toId(key), done: "cancelled" }, text: `${toId(key)} is cancelled.` };
    },
  });

const lockDocument = (deps: CegidDeps) =>
  defineTool({
    name: "lock_document",
    title: "Lock a document",
    description: "Keeps a sale document from being worked on, with a reason of Cegid Y2's list.",
    effect: "update",
    destructive: false,
    input: z.object({ document_id: documentIdIn, reason_id: short }),
    output: doneOut,
    async run({ document_id, reason_id }, call) {
      refuseWrites(deps);
      const key = toKey(document_id);
      await order(deps, call, OPERATIONS.lock, "lockRequest", {
        Identifier: identifier(key),
        ReasonId: reason_id,
      });
      return { data: { id: toId(key), done: "locked" } };
    },
  });

interface PlainChange {
  readonly name: "unlock_document" | "close_document";
  readonly title: string;
  readonly description: string;
  readonly operation: Operation;
  readonly wrapper: string;
}

const plain = (deps: CegidDeps, { operation, wrapper, ...named }: PlainChange) =>
  defineTool({
    ...named,
    effect: "update",
    destructive: named.name === "close_document",
    input: z.object({ document_id: documentIdIn }),
    output: doneOut,
    async run({ document_id }, call) {
      refuseWrites(deps);
      const key = toKey(document_id);
      await order(deps, call, operation, wrapper, { Identifier: identifier(key) });
      const done = named.name === "close_document" ? "closed" : "unlocked";
      return { data: { id: toId(key), done } };
    },
  });

async function order(
  deps: CegidDeps,
  call: Call,
  operation: Operation,
  wrapper: string,
  request: Readonly<Record<string, Value>>,
): Promise<void> {
  await deps.y2.ask(call, {
    operation,
    parameters: [[wrapper, fields(request)]],
    kind: "documents",
  });
}

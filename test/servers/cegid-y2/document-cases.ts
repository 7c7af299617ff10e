import assert from "node:assert/strict";
import { byId, first, idOf, idsOf, ofType, totalOf } from "./books.ts";
import { at, cents, column, text, type Case } from "./data.ts";
import { checkSummary } from "./check-summary.ts";

export const documentCases: readonly Case[] = [
  {
    tool: "list_invoices",
    args: () => ({ limit: 20, offset: 20 }),
    check(data, books) {
      const own = ofType(books, "Receipt", "CustomerDelivery").map(idOf);
      assert.deepEqual(idsOf(data), own.slice(20, 40));
      assert.equal(data.next_offset, 40);
    },
  },
  {
    tool: "list_invoices",
    args: () => ({
      filters: { store_ids: ["FCH001"], date_from: "2020-01-01", date_to: "2099-12-31" },
    }),
    check(data, books) {
      const own = ofType(books, "Receipt", "CustomerDelivery").filter(
        (one) => one.storeId === "FCH001",
      );
      assert.deepEqual(idsOf(data), own.map(idOf));
      assert.deepEqual(
        column(data, "documents", "total_tax_included").map(cents),
        own.map(totalOf),
      );
    },
  },
  {
    tool: "list_orders",
    args: (books) => ({
      filters: { active: true, customer_id: first(books, "CustomerOrder").customerId },
    }),
    check(data, books) {
      const { customerId } = first(books, "CustomerOrder");
      const own = ofType(books, "CustomerOrder", "AvailableOrder", "CustomersReservation").filter(
        (one) => one.isActive && one.customerId === customerId,
      );
      assert.deepEqual(idsOf(data), own.map(idOf));
    },
  },
  {
    tool: "list_documents",
    args: () => ({ types: ["ReturnNotice", "ReceiptOnHold"] }),
    check: (data, books) =>
      assert.deepEqual(idsOf(data), ofType(books, "ReturnNotice", "ReceiptOnHold").map(idOf)),
  },
  {
    tool: "get_invoice_details",
    args: (books) => ({ invoice_id: idOf(first(books, "Receipt")) }),
    check(data, books) {
      const own = first(books, "Receipt");
      assert.equal(data.id, idOf(own));
      assert.equal(cents(data.total_tax_included), totalOf(own));
      assert.deepEqual(
        column(data, "lines", "item_reference"),
        own.lines.map(({ item }) => item.barcode),
      );
      assert.equal(at(data, "payments", 0, "amount"), own.payments[0]?.amount);
    },
  },
  {
    tool: "get_order_details",
    args: (books) => ({ order_id: idOf(first(books, "CustomerOrder")) }),
    check(data, books) {
      assert.equal(data.internal_reference, first(books, "CustomerOrder").internalReference);
      assert.equal(data.follow_up_status, "Validated");
    },
  },
  {
    tool: "batch_get_invoices",
    args: (books) => ({
      invoice_ids: [
        idOf(first(books, "Receipt")),
        "Receipt/FFO001/99999",
        idOf(first(books, "CustomerOrder")),
      ],
    }),
    check(data, books) {
      assert.deepEqual(idsOf(data), [
        idOf(first(books, "Receipt")),
        idOf(first(books, "CustomerOrder")),
      ]);
      assert.equal(at(data, "failed", 0, "id"), "Receipt/FFO001/99999");
      assert.equal(at(data, "failed", 0, "code"), "NOT_FOUND");
    },
  },
  {
    tool: "search_invoices",
    args: () => ({ query: "gift WRAPPING" }),
    check(data, books) {
      const own = ofType(books, "Receipt", "CustomerDelivery", "CustomerOrder").filter(
        ({ comment }) => comment === "Gift wrapping",
      );
      assert.deepEqual(new Set(idsOf(data)), new Set(own.map(idOf)));
      assert.equal(data.is_whole, true);
    },
  },
  {
    tool: "get_document_by_reference",
    args: () => ({ type: "CustomerOrder", internal_reference: "INT-CUS-3" }),
    check(data, books) {
      const own = ofType(books, "CustomerOrder").find(
        (one) => one.internalReference === "INT-CUS-3",
      );
      assert.equal(data.id, own && idOf(own));
    },
  },
  {
    tool: "find_documents_by_external_reference",
    args: () => ({ type: "CustomerOrder", external_reference: "WEB-5002" }),
    check(data, books) {
      const own = books.documents.find((one) => one.externalReference === "WEB-5002");
      assert.deepEqual(idsOf(data), [own && idOf(own)]);
    },
  },
  {
    tool: "create_invoice",
    args: (books) => ({
      customer_id: "WEB000001",
      amount: "268.80",
      items: [
        {
          item_reference: books.items[0]?.barcode,
          quantity: 3,
          unit_price: "29.90",
          net_unit_price: 29.9,
        },
        { item_reference: books.items[5]?.barcode, quantity: 2, unit_price: "89.55" },
      ],
      payments: [{ method_id: "CB", amount: "268.80" }],
      notes: "Paid <at> once & gone",
      external_reference: "CASE-1",
    }),
    check(data, books) {
      const own = byId(books, text(data, "id"));
      assert.equal(data.already_existed, false);
      assert.equal(own.externalReference, "CASE-1");
      assert.equal(own.comment, "Paid <at> once & gone");
      assert.equal(own.storeId, "FFO001");
      assert.equal(totalOf(own), 26_880);
      assert.equal(own.payments[0]?.methodId, "CB");
    },
  },
  {
    tool: "create_invoice",
    args: (books) => ({
      customer_id: "WEB000001",
      items: [{ item_reference: books.items[0]?.barcode, quantity: 1, unit_price: 29.9 }],
      payments: [{ method_id: "CB", amount: 29.9 }],
      external_reference: "CASE-1",
    }),
    check(data, books) {
      assert.equal(data.already_existed, true);
      assert.equal(books.documents.filter((one) => one.externalReference === "CASE-1").length, 1);
    },
  },
  {
    tool: "create_reservation",
    args: (books) => ({
      customer_id: "WEB000002",
      store_id: "FFO002",
      items: [{ item_reference: books.items[8]?.barcode, quantity: 1, unit_price: "99.90" }],
      expires_on: "2027-01-31",
    }),
    check(data, books) {
      const own = byId(books, text(data, "id"));
      assert.equal(own.type, "CustomersReservation");
      assert.equal(own.lines[0]?.item.barcode, books.items[8]?.barcode);
      assert.match(own.externalReference ?? "", /^CLARA-/);
    },
  },
  {
    tool: "update_invoice",
    args: (books) => ({
      invoice_id: idOf(first(books, "CustomerOrder")),
      data: {
        comment: "Call before",
        follow_up_status: "Prepared",
        tracking: "1Z999",
        delivery_address: { city: "Lille", line1: "1 place aux Oignons", zip_code: "59000" },
        payments: [{ method_id: "CB", amount: "10.00", due_date: "2026-12-24" }],
      },
    }),
    check(data, books) {
      const own = first(books, "CustomerOrder");
      assert.equal(own.comment, "Call before");
      assert.equal(own.omni.get("FollowUpStatus"), "Prepared");
      assert.equal(own.omni.get("Tracking"), "1Z999");
      assert.equal(own.addresses.get("DeliveryAddress.City"), "Lille");
      assert.deepEqual(own.payments[0]?.dueDate, "2026-12-24T00:00:00");
      assert.equal(data.comment, "Call before");
      assert.equal(at(data, "delivery_address", "city"), "Lille");
    },
  },
  {
    tool: "lock_document",
    args: (books) => ({ document_id: idOf(first(books, "CustomerOrder")), reason_id: "CTL" }),
    check: (_, books) => assert.equal(first(books, "CustomerOrder").isLocked, true),
  },
  {
    tool: "unlock_document",
    args: (books) => ({ document_id: idOf(first(books, "CustomerOrder")) }),
    check: (_, books) => assert.equal(first(books, "CustomerOrder").isLocked, false),
  },
  {
    tool: "close_document",
    args: (books) => ({ document_id: idOf(first(books, "AvailableOrder")) }),
    check: (data, books) => assert.equal(byId(books, text(data, "id")).isActive, false),
  },
  {
    tool: "delete_invoice",
    args: () => ({ invoice_id: "CustomerOrder/FFO002/2", reason_id: "CLI" }),
    check(_, books) {
      const own = byId(books, "CustomerOrder/FFO002/2");
      assert.equal(own.status, "Canceled");
      assert.equal(own.cancelReason, "CLI");
    },
  },
  {
    tool: "get_financial_summary",
    args: (books) => ({ period: books.documents[0]?.date.slice(0, 7) }),
    check: checkSummary,
  },
  {
    tool: "get_financial_summary",
    args: (books) => ({ period: books.documents[19]?.date.slice(0, 7) }),
    check(data, books) {
      checkSummary(data, books);
      assert.ok(Number(data["cancelled"]) > 0);
    },
  },
  {
    tool: "list_orders_with_remainders",
    args: () => ({ store_id: "FFO001" }),
    check(data, books) {
      const own = ofType(books, "CustomerOrder").filter(
        (one) => one.isActive && one.storeId === "FFO001",
      );
      assert.deepEqual(column(data, "orders", "id"), own.map(idOf));
      assert.equal(
        at(data, "orders", 0, "lines", 0, "remaining"),
        Number(own[0]?.lines[0]?.quantity),
      );
    },
  },
  {
    tool: "list_reservations",
    args: () => ({ date_from: "2020-01-31", date_to: "2099-01-31" }),
    check: (data, books) =>
      assert.deepEqual(
        column(data, "orders", "id"),
        ofType(books, "CustomersReservation").map(idOf),
      ),
  },
];

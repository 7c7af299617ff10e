import { expect, test } from "vitest";
import { CASES, play } from "./cegid-y2/cases.ts";
import { talkByStdio, talkToCegid } from "./cegid-y2/open.ts";

/** A program that starts on a busy machine takes its time. */
const STARTING_MS = 300_000;

/** Of the original server, by its names. */
const ORIGINAL = [
  "batch_get_invoices",
  "create_customer",
  "create_invoice",
  "delete_invoice",
  "get_customer_details",
  "get_financial_summary",
  "get_invoice_details",
  "get_order_details",
  "get_product_details",
  "list_customers",
  "list_invoices",
  "list_orders",
  "list_products",
  "search_invoices",
  "update_customer",
  "update_invoice",
  "validate_qr_code",
];

test("every tool does over HTTP what the books of the ERP say, and sends nothing that it would pass over", async () => {
  await using talk = await talkToCegid();
  const { tools } = await talk.client.listTools();

  const { called, wrong } = await play(talk);

  expect(wrong).toEqual([]);
  expect(called).toEqual(tools.map(({ name }) => name).toSorted());
  expect(called).toEqual(expect.arrayContaining(ORIGINAL));
  expect(talk.emulator.ignored).toEqual([]);
  expect(CASES.length).toBeGreaterThan(45);
});

test(
  "every tool does over standard input and output what the books of the ERP say",
  async () => {
    await using talk = await talkByStdio();
    const { tools } = await talk.client.listTools();

    const { called, wrong } = await play(talk);

    expect(wrong).toEqual([]);
    expect(called).toEqual(tools.map(({ name }) => name).toSorted());
    expect(talk.emulator.ignored).toEqual([]);
  },
  STARTING_MS,
);

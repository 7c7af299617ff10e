import assert from "node:assert/strict";
import type { Books } from "../../../src/servers/cegid-y2/demo/state.ts";
import { at, column, type Data } from "./data.ts";
import { ACCOUNT, type CegidTalk } from "./open.ts";

/** Of the original server, by its addresses; ids of documents have slashes in them. */
export const RESOURCES = [
  "cegid://customers",
  "cegid://customers/{id}",
  "cegid://dashboard",
  "cegid://financial/{period}",
  "cegid://invoices",
  "cegid://invoices/{+id}",
  "cegid://orders",
  "cegid://orders/{+id}",
  "cegid://products",
  "cegid://products/{id}",
];

export const PROMPTS = [
  "analyze_invoice",
  "customer_report",
  "financial_analysis",
  "fraud_detection",
  "compliance_check",
];

interface Reading {
  readonly uri: string;
  readonly check: (data: Data, books: Books) => void;
}

const countOf = (books: Books, ...types: readonly string[]): number =>
  books.documents.filter(({ type }) => types.includes(type)).length;
const ORDER_TYPES = ["CustomerOrder", "AvailableOrder", "CustomersReservation"];

const READINGS: readonly Reading[] = [
  {
    uri: "cegid://invoices",
    check: (data) => assert.equal(column(data, "documents", "id").length, 50),
  },
  ...["Receipt/FFO001/1", "Receipt%2FFFO001%2F1", "Receipt:FFO001:1"].map((id) => ({
    uri: `cegid://invoices/${id}`,
    check: (data: Data) => assert.equal(data["id"], "Receipt/FFO001/1"),
  })),
  {
    uri: "cegid://customers",
    check: (data, books) =>
      assert.deepEqual(column(data, "customers", "id"), [...books.customers.keys()]),
  },
  {
    uri: "cegid://customers/WEB000004",
    check: (data) => assert.equal(data["last_name"], "Petit"),
  },
  {
    uri: "cegid://products",
    check: (data, books) =>
      assert.deepEqual(
        column(data, "products", "barcode"),
        books.items.map(({ barcode }) => barcode),
      ),
  },
  {
    uri: "cegid://products/3700000000004",
    check: (data, books) => assert.equal(data["description"], books.items[3]?.description),
  },
  {
    uri: "cegid://orders",
    check: (data, books) =>
      assert.equal(column(data, "documents", "id").length, countOf(books, ...ORDER_TYPES)),
  },
  {
    uri: "cegid://orders/CustomerOrder/FFO001/1",
    check: (data) => assert.equal(data["internal_reference"], "INT-CUS-1"),
  },
  {
    uri: "cegid://financial/2026-11",
    check: (data, books) =>
      assert.equal(
        column(data, "by_store", "receipts").reduce<number>((sum, count) => sum + Number(count), 0),
        books.documents.filter(
          ({ type, date, status }) =>
            type === "Receipt" && date.startsWith("2026-11") && status !== "Canceled",
        ).length,
      ),
  },
  {
    uri: "cegid://financial/current",
    check: (data) => assert.equal(data["period"], "2026-11"),
  },
  {
    uri: "cegid://dashboard",
    check(data, books) {
      assert.equal(at(data, "month", "period"), "2026-11");
      assert.equal(at(data, "open_orders", "count"), countOf(books, ...ORDER_TYPES));
      const latest = column(data, "latest_receipts", "date").map(String);
      assert.deepEqual(latest, latest.toSorted().toReversed());
    },
  },
];

/** Reads every resource; gives what went wrong. */
export async function readAll({ client, emulator }: Pick<CegidTalk, "client" | "emulator">) {
  const books = emulator.books(ACCOUNT.folder);
  const wrong: string[] = [];
  for (const { uri, check } of READINGS)
    try {
      const { contents } = await client.readResource({ uri });
      const first = contents[0];
      assert.ok(first && "text" in first && first.mimeType === "application/json");
      check(JSON.parse(first.text) as Data, books);
    } catch (error) {
      wrong.push(`${uri}: ${error instanceof Error ? error.message : String(error)}`);
    }
  return wrong;
}

const SAYINGS: readonly (readonly [name: string, args: Record<string, string>, words: RegExp])[] = [
  [
    "analyze_invoice",
    { invoice_id: "Receipt/FFO001/1", include_customer: "true" },
    /Receipt\/FFO001\/1[\s\S]*get_customer_details/,
  ],
  ["customer_report", { customer_id: "WEB000001", period: "2026-10" }, /WEB000001 for 2026-10/],
  [
    "financial_analysis",
    { period: "2026-11", comparison_period: "2026-10" },
    /2026-11 and for 2026-10/,
  ],
  ["fraud_detection", {}, /those of 50 and more/],
  ["fraud_detection", { threshold: "80" }, /those of 80 and more/],
  ["compliance_check", { regulation: "numbering of receipts" }, /numbering of receipts/],
];

/** Has every prompt said; gives what went wrong. */
export async function sayAll({ client }: Pick<CegidTalk, "client">): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [name, args, words] of SAYINGS)
    try {
      const { messages } = await client.getPrompt({ name, arguments: args });
      assert.match(JSON.stringify(messages).replaceAll(String.raw`\n`, "\n"), words);
    } catch (error) {
      wrong.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  return wrong;
}

import { expect, test } from "vitest";
import { FAILURE_META } from "../../src/servers/kit/answer.ts";
import type { Fault } from "../emulators/qontak/open-qontak-emulator.ts";
import { ask, openQontakTest, refusal } from "./open-qontak-test.ts";

const answer = (status: number, body: string, headers?: Readonly<Record<string, string>>): Fault =>
  headers ? { kind: "answer", status, body, headers } : { kind: "answer", status, body };

/** An error as Qontak writes it. */
const meta = (status: number, words: string): string =>
  JSON.stringify({
    meta: { status, type: "x", error_code: status, developer_message: words, message: "x" },
  });

const TROUBLES: readonly {
  readonly fault: Fault;
  readonly code: string;
  readonly words: string;
}[] = [
  { fault: answer(401, '{"error":"token expired"}'), code: "AUTH_INVALID", words: "credentials" },
  { fault: answer(403, meta(403, "not yours")), code: "FORBIDDEN", words: "not yours" },
  { fault: answer(404, meta(404, "record not found")), code: "NOT_FOUND", words: "not found" },
  { fault: answer(409, meta(409, "exists already")), code: "CONFLICT", words: "exists already" },
  { fault: answer(422, meta(422, "name blank")), code: "UPSTREAM_REJECTED", words: "name blank" },
  { fault: answer(429, meta(429, "slow down")), code: "RATE_LIMITED", words: "too often" },
  { fault: answer(500, meta(500, "oops")), code: "UPSTREAM_UNAVAILABLE", words: "500" },
  { fault: answer(503, "<html>503</html>"), code: "UPSTREAM_UNAVAILABLE", words: "503" },
  { fault: answer(200, meta(401, "token expired")), code: "AUTH_INVALID", words: "token expired" },
  { fault: answer(200, meta(404, "no such deal")), code: "NOT_FOUND", words: "no such deal" },
  { fault: answer(200, meta(422, "size blank")), code: "UPSTREAM_REJECTED", words: "size blank" },
  { fault: answer(200, meta(429, "slow down")), code: "RATE_LIMITED", words: "slow down" },
  { fault: { kind: "silence" }, code: "UPSTREAM_TIMEOUT", words: "within 0.3 s" },
  { fault: { kind: "cut" }, code: "UPSTREAM_UNAVAILABLE", words: "cannot be reached" },
  { fault: answer(200, "<html>oops</html>"), code: "SCHEMA_MISMATCH", words: "no JSON" },
  { fault: answer(200, '{"response":"x","page":1}'), code: "SCHEMA_MISMATCH", words: "shape" },
  { fault: answer(200, '{"response":[{"name":"x"}]}'), code: "SCHEMA_MISMATCH", words: "shape" },
  {
    fault: answer(302, "", { location: "https://evil.example" }),
    code: "UPSTREAM_REJECTED",
    words: "elsewhere",
  },
];

test.each(TROUBLES)("$code is what the model reads of $fault", async ({ fault, code, words }) => {
  await using open = await openQontakTest({ QONTAK_TIMEOUT_MS: "300", QONTAK_TRIES: "1" });
  open.qontak.fail(fault, 5);

  const failure = await refusal(open.client, "list_deals");

  expect(failure).toMatchObject({ code });
  expect(failure["words"]).toContain(words);
});

test("what passes by itself is asked again, and answered", async () => {
  await using open = await openQontakTest();
  open.qontak.fail(answer(503, "busy"));
  open.qontak.fail(answer(200, meta(429, "slow down"), { "retry-after": "0" }));

  const result = await ask(open.client, "list_deals");

  expect(result).toMatchObject({ total: 8 });
});

test("a change is never sent twice when nobody knows whether it was made", async () => {
  await using open = await openQontakTest({ QONTAK_TIMEOUT_MS: "300" });
  await ask(open.client, "list_products");
  open.qontak.fail({ kind: "silence" });

  const failure = await refusal(open.client, "create_product", { name: "Filter" });

  expect(failure["words"]).toContain("It may have been done all the same");
  expect(open.qontak.heard.filter(({ method }) => method === "POST")).toHaveLength(2);
});

test("a change that was made is said to be, when the answer to it cannot be read", async () => {
  await using open = await openQontakTest();
  await ask(open.client, "list_products");
  open.qontak.fail(answer(200, "<html>made</html>"));

  const failure = await refusal(open.client, "create_product", { name: "Filter" });

  expect(failure["words"]).toContain("Look whether it is there before you try again");
});

test("a change that Qontak refused for an old token is made with the new one, once", async () => {
  await using open = await openQontakTest();
  await ask(open.client, "list_products");
  open.qontak.tokens.endAll();

  await ask(open.client, "create_product", { name: "Filter" });

  const { products } = open.qontak.crm.tables;
  expect(products.filter(({ name }) => name === "Filter")).toHaveLength(1);
});

test("a field that Qontak ignored is named, though it answered with 200", async () => {
  await using open = await openQontakTest();
  const path = "/products/7001";
  await ask(open.client, "get_product", { product_id: 7001 });
  const { crm } = open.qontak;
  Object.defineProperty(crm.tables.products[0], "price", { get: () => 1, set: () => {} });

  const result = await ask(open.client, "update_product", {
    product_id: 7001,
    price: 5,
    quantity: 3,
  });

  expect(result).toMatchObject({ not_applied: ["price"], record: { quantity: 3 } });
  expect(
    open.qontak.heard.filter((each) => each.path === path).map(({ method }) => method),
  ).toEqual(["GET", "GET", "PUT", "GET"]);
});

test("an upstream that is down is left alone after five failures", async () => {
  await using open = await openQontakTest({ QONTAK_TRIES: "1" });
  open.qontak.fail(answer(500, "down"), 20);
  await refusal(open.client, "list_deals");
  await refusal(open.client, "list_tasks");
  await refusal(open.client, "list_notes");
  await refusal(open.client, "list_products");
  await refusal(open.client, "list_tickets");
  const before = open.qontak.heard.length;

  const failure = await refusal(open.client, "list_contacts");

  expect(failure["words"]).toContain("did not answer several times in a row");
  expect(open.qontak.heard).toHaveLength(before);
});

test("a lookalike of a tool's argument is refused before anything is asked", async () => {
  await using open = await openQontakTest();

  const failure = await refusal(open.client, "get_deal", { deal_id: "1/../../contacts/1" });

  expect(failure).toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(open.qontak.heard).toEqual([]);
});

test("what people wrote comes as data, and a token in it is taken out", async () => {
  await using open = await openQontakTest();
  await ask(open.client, "list_notes");
  const [note] = open.qontak.crm.tables.notes;
  Object.assign(note ?? {}, { note: `my token is ${open.qontak.accounts[0].refreshToken}` });

  const result = await open.client.callTool({ name: "get_note", arguments: { note_id: 6001 } });

  expect(JSON.stringify(result)).toContain("my token is [removed: a secret]");
  expect(result._meta?.[FAILURE_META]).toBeUndefined();
});

test("calls above the limit of a tenant are told to come back", async () => {
  await using open = await openQontakTest({
    QONTAK_RATE_LIMIT_ENABLED: "yes",
    RATE_LIMIT_USER_RPS: "0.01",
    RATE_LIMIT_USER_BURST: "2",
  });
  await ask(open.client, "list_pipelines");

  const failure = await refusal(open.client, "list_deals");

  expect(failure).toMatchObject({ code: "RATE_LIMITED", isPassing: true });
});

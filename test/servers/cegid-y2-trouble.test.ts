import { expect, test } from "vitest";
import { ACCOUNT, talkToCegid } from "./cegid-y2/open.ts";
import type { Trouble } from "../emulators/cegid-y2/index.ts";

const envelope = (inner: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inner}</s:Body></s:Envelope>`;
const result = (inner: string): string =>
  envelope(
    `<GetHeaderListResponse><GetHeaderListResult>${inner}</GetHeaderListResult></GetHeaderListResponse>`,
  );
const header = (amount: string): string =>
  `<Headers><Get_Header><Key><Number>1</Number><Stump>S</Stump><Type>Receipt</Type></Key><TaxIncludedTotalAmount>${amount}</TaxIncludedTotalAmount></Get_Header></Headers>`;

test.each<readonly [what: string, trouble: Trouble, code: string, words: string]>([
  ["401", { status: 401, body: "<html/>" }, "AUTH_INVALID", "credentials"],
  ["403", { status: 403 }, "FORBIDDEN", "may not do that"],
  ["404", { status: 404 }, "NOT_FOUND", "Look it up"],
  ["409", { status: 409 }, "CONFLICT", "changed meanwhile"],
  ["422", { status: 422 }, "UPSTREAM_REJECTED", "refuses these values"],
  ["429", { status: 429 }, "RATE_LIMITED", "too often"],
  ["503", { status: 503, body: "<html>busy</html>" }, "UPSTREAM_UNAVAILABLE", "503"],
  ["500 without a fault", { status: 500, body: "Fault " }, "UPSTREAM_UNAVAILABLE", "500"],
  ["silence", "silent", "UPSTREAM_TIMEOUT", "within 0.3 s"],
  ["a connection that is cut", "lost", "UPSTREAM_UNAVAILABLE", "cannot be reached"],
  [
    "a page",
    { status: 200, body: "<html><body>Login</body></html>" },
    "SCHEMA_MISMATCH",
    "maintenance",
  ],
  ["nothing", { status: 200, body: "" }, "SCHEMA_MISMATCH", "no answer of its own"],
  [
    "half an answer",
    { status: 200, body: result("<Headers>").slice(0, -30) },
    "SCHEMA_MISMATCH",
    "no answer",
  ],
  [
    "another answer",
    { status: 200, body: envelope("<CancelResponse/>") },
    "SCHEMA_MISMATCH",
    "no answer",
  ],
  [
    "a number that is none",
    { status: 200, body: result(header("1,50")) },
    "SCHEMA_MISMATCH",
    "number",
  ],
  [
    "a document without key",
    { status: 200, body: result("<Headers><Get_Header/></Headers>") },
    "SCHEMA_MISMATCH",
    "without its key",
  ],
  [
    "an entity of a file",
    {
      status: 200,
      body: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${result("<a>&e;</a>")}`,
    },
    "SCHEMA_MISMATCH",
    "no answer",
  ],
  [
    "too deep",
    { status: 200, body: result("<a>".repeat(90) + "</a>".repeat(90)) },
    "SCHEMA_MISMATCH",
    "no answer",
  ],
  [
    "too much",
    { status: 200, body: result(" ".repeat(70_000)) },
    "UPSTREAM_RESPONSE_TOO_LARGE",
    "smaller page",
  ],
  [
    "elsewhere",
    { status: 302, headers: { location: "https://evil.example/" } },
    "UPSTREAM_REJECTED",
    "elsewhere",
  ],
  [
    "a fault with status 200",
    {
      status: 200,
      body: envelope(
        "<s:Fault><faultcode>s:Server</faultcode><faultstring>The store is unknown</faultstring></s:Fault>",
      ),
    },
    "NOT_FOUND",
    "The store is unknown",
  ],
])("%s is told to the model by what it can do", async (_, trouble, code, words) => {
  await using talk = await talkToCegid({
    env: { CEGID_Y2_TIMEOUT_MS: "300", CEGID_Y2_TRIES: "1", CEGID_Y2_MAX_RESPONSE_BYTES: "65536" },
  });
  talk.emulator.trouble(trouble);

  const failure = await talk.failed("list_invoices");

  expect(failure).toEqual({ code, text: expect.stringContaining(words) });
  expect(failure.text).not.toMatch(/root:|Secret|correct horse/);
});

test("a fault tells its words, its code and its tracking id, and nothing of the stack", async () => {
  await using talk = await talkToCegid();
  await talk.call("delete_invoice", { invoice_id: "CustomerOrder/FFO001/1", reason_id: "CLI" });

  const again = await talk.failed("delete_invoice", {
    invoice_id: "CustomerOrder/FFO001/1",
    reason_id: "CLI",
  });
  const unknown = await talk.failed("get_invoice_details", { invoice_id: "Receipt/FFO001/777" });

  expect(again.code).toBe("CONFLICT");
  expect(again.text).toMatch(/Order cancelled[\s\S]*WP008[\s\S]*7f0c1f6e/);
  expect(unknown.code).toBe("NOT_FOUND");
  expect(again.text + unknown.text).not.toContain("Cegid.Retail.Secret");
});

test("reads are tried again after trouble, and writes are not", async () => {
  await using talk = await talkToCegid();
  talk.emulator.trouble({ status: 503 }, 2);

  await talk.call("get_loyalty_points", { card_id: "FID1000" });
  talk.emulator.trouble({ status: 503 });
  const write = await talk.failed("adjust_loyalty_points", {
    card_id: "FID1000",
    points: 5,
    reason_id: "GES",
  });

  expect(write.code).toBe("UPSTREAM_UNAVAILABLE");
  expect(talk.emulator.books(ACCOUNT.folder).cards.get("FID1000")?.points).toBe("20.00");
});

const INVOICE = {
  customer_id: "WEB000001",
  items: [{ item_reference: "3700000000001", quantity: 1, unit_price: "29.90" }],
  payments: [{ method_id: "CB", amount: "29.90" }],
};

test("an invoice whose answer got lost is found by its reference and not created twice", async () => {
  await using talk = await talkToCegid();
  talk.emulator.trouble("pass");
  talk.emulator.trouble("lost");

  const first = await talk.call("create_invoice", { ...INVOICE, external_reference: "LOST-1" });
  const second = await talk.call("create_invoice", { ...INVOICE, external_reference: "LOST-1" });

  const own = talk.emulator
    .books(ACCOUNT.folder)
    .documents.filter(({ externalReference }) => externalReference === "LOST-1");
  expect(own).toHaveLength(1);
  expect(first).toMatchObject({ already_existed: false, external_reference: "LOST-1" });
  expect(second).toMatchObject({ already_existed: true, id: first["id"] });
});

test("an invoice that surely was not created says with which reference to try again", async () => {
  await using talk = await talkToCegid();
  talk.emulator.trouble("pass");
  talk.emulator.trouble({ status: 503 });

  const failure = await talk.failed("create_invoice", INVOICE);

  expect(failure.code).toBe("UPSTREAM_UNAVAILABLE");
  expect(failure.text).toMatch(/external_reference "CLARA-/);
});

test("what is missing for an invoice is told together, before anything is sent", async () => {
  await using talk = await talkToCegid({ env: { CEGID_Y2_DEFAULT_STORE_ID: "" } });

  const failure = await talk.failed("create_invoice", { customer_id: "WEB000001", amount: 100 });

  expect(failure.code).toBe("MISSING_REQUIRED_FIELDS");
  expect(failure.text).toMatch(/store_id, items, payments/);
  expect(talk.emulator.requests).toEqual([]);
});

test("an amount that the items do not come to is refused", async () => {
  await using talk = await talkToCegid();

  const failure = await talk.failed("create_invoice", { ...INVOICE, amount: "30.00" });

  expect(failure).toEqual({
    code: "INVALID_ARGUMENT",
    text: expect.stringContaining("The items come to 29.90, not to 30.00"),
  });
});

test("a reason is wanted for cancelling", async () => {
  await using talk = await talkToCegid();

  const failure = await talk.failed("delete_invoice", { invoice_id: "CustomerOrder/FFO001/1" });

  expect(failure.code).toBe("MISSING_REQUIRED_FIELDS");
  expect(talk.emulator.requests).toEqual([]);
});

test("a closed receipt is not changed", async () => {
  await using talk = await talkToCegid();

  const failure = await talk.failed("update_invoice", {
    invoice_id: "Receipt/FFO001/1",
    data: { comment: "x" },
  });

  expect(failure).toEqual({ code: "CONFLICT", text: expect.stringContaining("is closed") });
});

test("somebody with the same e-mail is told before there are two", async () => {
  await using talk = await talkToCegid();
  const person = { name: "Claire Martin", email: "claire.martin@example.com" };

  const failure = await talk.failed("create_customer", person);
  const other = await talk.call("create_customer", { ...person, allow_duplicate: true });

  expect(failure).toEqual({ code: "CONFLICT", text: expect.stringContaining("WEB000001") });
  expect(other["id"]).toBe("WEB000016");
});

test("nothing is changed where that was not allowed", async () => {
  await using talk = await talkToCegid({ env: { CEGID_Y2_ALLOW_WRITES: "" } });
  const { tools } = await talk.client.listTools();
  const writes = tools.filter(({ annotations }) => annotations?.readOnlyHint === false);

  const failure = await talk.failed("create_invoice", INVOICE);

  expect(writes.length).toBe(17);
  expect(failure).toEqual({
    code: "WRITES_DISABLED",
    text: expect.stringContaining("CEGID_Y2_ALLOW_WRITES"),
  });
  expect(talk.emulator.requests).toEqual([]);
});

test("an offset between pages is told with one that fits", async () => {
  await using talk = await talkToCegid();

  const failure = await talk.failed("list_invoices", { limit: 20, offset: 30 });

  expect(failure).toEqual({ code: "INVALID_ARGUMENT", text: expect.stringContaining("Use 20") });
});

test("answers are kept, and what is written makes them be asked anew", async () => {
  await using talk = await talkToCegid();
  const document_id = "CustomerOrder/FFO001/1";
  const read = () => talk.call("get_order_details", { order_id: document_id });
  await read();
  await read();
  const before = talk.emulator.requests.length;

  await talk.call("close_document", { document_id });
  const after = await read();

  expect(before).toBe(1);
  expect(after["is_active"]).toBe(false);
});

test("a sale makes stock and points be asked anew, too", async () => {
  await using talk = await talkToCegid();
  const stock = () =>
    talk.call("get_stock", { item_reference: "3700000000001", store_id: "FFO001" });
  const before = await stock();

  await talk.call("create_invoice", INVOICE);
  const after = await stock();

  expect(Number(after["available"])).toBe(Number(before["available"]) - 1);
});

test("the password is in no line of the log, and neither is what goes over the wire in its place", async () => {
  await using talk = await talkToCegid({ env: { CEGID_Y2_TRIES: "1" } });
  const basic = Buffer.from(`${ACCOUNT.folder}\\${ACCOUNT.user}:${ACCOUNT.password}`);
  talk.emulator.trouble({
    status: 200,
    body: envelope(
      `<s:Fault><faultcode>s:Server</faultcode><faultstring>bad ${basic.toString("base64")} ${ACCOUNT.password}</faultstring></s:Fault>`,
    ),
  });

  const failure = await talk.failed("list_invoices");

  const all = failure.text + talk.machine.logged();
  expect(all).not.toContain(ACCOUNT.password);
  expect(all).not.toContain(basic.toString("base64"));
  expect(failure.text).toContain("bad");
});

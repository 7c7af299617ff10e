import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAILURE_META } from "../../src/servers/kit/answer.ts";
import { openKledoEmulator, type Fault } from "../emulators/kledo/open-kledo-emulator.ts";
import { openVaultEmulator, VAULT_TOKEN } from "../emulators/vault/open-vault-emulator.ts";
import { openKledo } from "../../src/servers/kledo/open-kledo.ts";
import { connectByHttp, connectByStdio, serveOverHttp } from "./connect.ts";
import { serverMachine } from "./machine.ts";
import { ask, NOW, openKledoTest } from "./open-kledo-test.ts";
import { hasRedis, openTestRedis } from "./open-test-redis.ts";

const LIST = { name: "product_list", arguments: {} };

const answer = (status: number, body: string, headers?: Readonly<Record<string, string>>): Fault =>
  headers ? { kind: "answer", status, body, headers } : { kind: "answer", status, body };

const said = (message: string): string => JSON.stringify({ success: false, message });

test.each([
  { fault: answer(401, said("Unauthenticated.")), code: "AUTH_INVALID", words: "credentials" },
  { fault: answer(403, said("Tidak ada akses")), code: "FORBIDDEN", words: "Tidak ada akses" },
  { fault: answer(404, said("Tidak ditemukan")), code: "NOT_FOUND", words: "Look it up" },
  { fault: answer(409, said("Sudah ada")), code: "CONFLICT", words: "Sudah ada" },
  {
    fault: answer(422, '{"message":"Tidak valid","errors":{"search":["terlalu panjang"]}}'),
    code: "UPSTREAM_REJECTED",
    words: "search: terlalu panjang",
  },
  { fault: answer(429, said("Terlalu banyak")), code: "RATE_LIMITED", words: "too often" },
  { fault: answer(503, "<html>503</html>"), code: "UPSTREAM_UNAVAILABLE", words: "503" },
  { fault: { kind: "cut" }, code: "UPSTREAM_UNAVAILABLE", words: "cannot be reached" },
  { fault: answer(200, "<html>oops</html>"), code: "SCHEMA_MISMATCH", words: "no JSON" },
  {
    fault: answer(200, '{"success":true,"data":{"data":[{"id":"x"}]}}'),
    code: "SCHEMA_MISMATCH",
    words: "shape",
  },
  { fault: answer(200, said("Gagal")), code: "UPSTREAM_REJECTED", words: "Gagal" },
  {
    fault: answer(302, "", { location: "https://evil.example" }),
    code: "UPSTREAM_REJECTED",
    words: "elsewhere",
  },
] as const)("$code is what the model reads of $fault", async ({ fault, code, words }) => {
  await using open = await openKledoTest({ KLEDO_TRIES: "1" });
  open.kledo.fail(fault as Fault, 5);

  const result = await open.client.callTool(LIST);

  expect(result._meta?.[FAILURE_META]).toMatchObject({ code });
  expect(JSON.stringify(result.content)).toContain(words);
});

test("an upstream that is silent is not waited for longer than it may be", async () => {
  await using open = await openKledoTest({ KLEDO_TIMEOUT_MS: "300", KLEDO_TRIES: "1" });
  open.kledo.fail({ kind: "silence" });

  const result = await open.client.callTool(LIST);

  expect(result._meta?.[FAILURE_META]).toMatchObject({ code: "UPSTREAM_TIMEOUT" });
  expect(JSON.stringify(result.content)).toContain("within 0.3 s");
});

test("what passes by itself is tried again, and answered", async () => {
  await using open = await openKledoTest();
  open.kledo.fail(answer(503, "busy"));
  open.kledo.fail(
    answer(429, said("pelan"), { "retry-after": "0", "content-type": "application/json" }),
  );

  const result = await ask(open.client, "product_list");

  expect(result).toMatchObject({ total: 12 });
  expect(open.kledo.heard).toHaveLength(3);
});

test("a long Retry-After is not waited for, but told", async () => {
  await using open = await openKledoTest();
  open.kledo.fail(answer(429, said("pelan"), { "retry-after": "120" }));

  const result = await open.client.callTool(LIST);

  expect(result._meta?.[FAILURE_META]).toEqual({
    code: "RATE_LIMITED",
    isPassing: true,
    retryAfterMs: 120_000,
    status: 429,
  });
});

test("an upstream that is down is left alone after five failures", async () => {
  await using open = await openKledoTest({ KLEDO_TRIES: "1" });
  open.kledo.fail(answer(500, "down"), 20);
  await Promise.all(Array.from({ length: 5 }, () => open.client.callTool(LIST)));
  await open.client.callTool({ name: "contact_list", arguments: {} });
  await open.client.callTool({ name: "account_list", arguments: {} });
  await open.client.callTool({ name: "bank_list", arguments: {} });
  await open.client.callTool({ name: "quote_list", arguments: {} });
  const before = open.kledo.heard.length;

  const result = await open.client.callTool({ name: "expense_list", arguments: {} });

  expect(JSON.stringify(result.content)).toContain("did not answer several times in a row");
  expect(open.kledo.heard).toHaveLength(before);
});

const TOOLS = ["product_list", "contact_list", "account_list", "bank_list", "quote_list"];
const fifty = Array.from({ length: 50 }, (_, at) => ({
  name: TOOLS[at % TOOLS.length] ?? "",
  arguments: at % TOOLS.length < 3 ? { per_page: 1 + at } : {},
}));

test("fifty calls when a sign-in has ended cause one new sign-in, and all are answered", async () => {
  await using open = await openKledoTest({
    KLEDO_EMAIL: "pemilik0@contoh.example",
    KLEDO_PASSWORD: "kata-sandi-0",
    KLEDO_MAX_CONCURRENCY: "50",
  });
  await ask(open.client, "utility_test_connection");
  open.kledo.tokens.endAll();

  const results = await Promise.all(fifty.map((call) => open.client.callTool(call)));

  expect(results.filter(({ isError }) => isError)).toEqual([]);
  expect(open.kledo.tokens.signIns()).toBe(2);
});

test("fifty calls when a token of OAuth has ended cause one refresh", async () => {
  await using open = await openKledoTest({
    KLEDO_CLIENT_ID: "client",
    KLEDO_CLIENT_SECRET: "client-secret-0123456789",
    KLEDO_REFRESH_TOKEN: "refresh-0-pemilik0-0123456789",
    KLEDO_MAX_CONCURRENCY: "50",
  });

  const results = await Promise.all(fifty.map((call) => open.client.callTool(call)));

  expect(results.filter(({ isError }) => isError)).toEqual([]);
  expect(open.kledo.tokens.refreshes()).toBe(1);
});

test("a wrong password is told as such, and never shown", async () => {
  await using open = await openKledoTest({
    KLEDO_EMAIL: "pemilik0@contoh.example",
    KLEDO_PASSWORD: "kata-sandi-salah-99",
  });

  const result = await open.client.callTool(LIST);

  expect(result._meta?.[FAILURE_META]).toMatchObject({ code: "AUTH_INVALID" });
  expect(JSON.stringify(result) + open.machine.logged()).not.toContain("kata-sandi-salah-99");
});

test("a rotated refresh token outlives a crash right after the refresh", async () => {
  await using kledo = await openKledoEmulator();
  const home = await mkdtemp(join(tmpdir(), "clara-kledo-"));
  const env = {
    HOME: home,
    KLEDO_BASE_URL: kledo.url,
    KLEDO_CLIENT_ID: "client",
    KLEDO_CLIENT_SECRET: "client-secret-0123456789",
    KLEDO_REFRESH_TOKEN: kledo.accounts[0].refreshToken,
  };
  const first = await connectByStdio(["kledo"], env, { now: NOW, era: "legacy" });
  await ask(first.client, "product_list");
  first.kill();
  kledo.tokens.endAll();

  await using second = await connectByStdio(["kledo"], env, { now: NOW, era: "legacy" });
  const result = await ask(second.client, "product_list");

  expect(result).toMatchObject({ total: 12 });
  expect(kledo.tokens.refreshes()).toBe(2);
  await rm(home, { recursive: true, force: true });
});

test("each tenant of Vault has its own company, and a sealed Vault is told in words", async () => {
  await using vault = await openVaultEmulator();
  await using open = await openKledoTest(
    {
      TOKEN_STORE: "vault",
      VAULT_ADDR: vault.url,
      VAULT_TOKEN,
      KLEDO_HTTP_API_KEYS: "*:http-key-0123456789abcdef0",
    },
    { companies: 2 },
  );
  vault.put("kledo/tokens/anna", { access_token: open.kledo.accounts[0].personalToken });
  vault.put("kledo/tokens/berta", { access_token: open.kledo.accounts[1]?.personalToken });
  const askAs = (tenant: string) =>
    open.client.callTool({
      name: "contact_list",
      arguments: { search: "milik" },
      _meta: { "clara/user_id": tenant },
    });

  const [anna, berta, carl] = await Promise.all(["anna", "berta", "carl"].map(askAs));
  vault.seal(true);
  const dora = await askAs("dora");

  expect(JSON.stringify(anna?.structuredContent)).toContain("Milik 0");
  expect(JSON.stringify(berta?.structuredContent)).toContain("Milik 1");
  expect(carl?._meta?.[FAILURE_META]).toMatchObject({ code: "NO_CREDENTIALS" });
  expect(JSON.stringify(dora.content)).toContain("(Vault) is sealed");
});

test.runIf(hasRedis)(
  "without Redis answers are cached in memory, and in Redis again when it is back",
  async () => {
    await using redis = await openTestRedis();
    await using open = await openKledoTest({ REDIS_URL: redis.url });
    await ask(open.client, "product_list");

    await redis.goAway();
    await ask(open.client, "product_list");
    await ask(open.client, "product_list");

    expect(open.kledo.heard).toHaveLength(2);
    expect(open.machine.logged()).toContain("cache-in-memory");
  },
);

test("what somebody does in Kledo is seen when the cache is cleared, and bank balances show it at once", async () => {
  await using open = await openKledoTest();
  const { client, kledo } = open;
  const bill = kledo.accounts[0].books.documents.findLast(
    (doc) => doc.kind === "invoice" && doc.payments.length === 0,
  );
  const invoice_id = bill?.id ?? 0;
  const invoice = await ask(client, "invoice_get_detail", { invoice_id });
  const before = await ask(client, "financial_bank_balances");

  const paid = await fetch(`${kledo.url}/finance/bankTrans/invoicePayment`, {
    method: "POST",
    headers: { authorization: `Bearer ${kledo.accounts[0].personalToken}` },
    body: JSON.stringify({
      trans_date: "2026-11-25",
      bank_account_id: 1,
      amount: Number(invoice["due"]),
      business_tran_id: invoice_id,
    }),
  });
  const cached = await ask(client, "invoice_get_detail", { invoice_id });
  const after = await ask(client, "financial_bank_balances");
  await ask(client, "utility_clear_cache");
  const fresh = await ask(client, "invoice_get_detail", { invoice_id });

  expect(paid.status).toBe(200);
  expect([invoice["status"], cached["status"], fresh["status"]]).toEqual([
    "unpaid",
    "unpaid",
    "paid",
  ]);
  expect(fresh["due"]).toBe("0.00");
  expect(Number(after["total"]) - Number(before["total"])).toBe(Number(invoice["due"]));
});

test("a demo needs no account, says what it is, and asks nobody", async () => {
  const machine = serverMachine(
    {},
    { fetch: () => Promise.reject(new Error("a demo asks nobody")) },
  );
  await using served = await serveOverHttp(machine, await openKledo(machine, { isDemo: true }));
  await using connected = await connectByHttp(served.url);

  const revenue = await ask(connected.client, "analytics_revenue", { period: "this_year" });

  expect(connected.client.getInstructions()).toContain("This is a demo: the books are made up");
  expect(Number(revenue["gross"])).toBeGreaterThan(0);
});

test("a tenant who is given another company's token sees nothing that was kept of the first one", async () => {
  await using vault = await openVaultEmulator();
  const env = { TOKEN_STORE: "vault", VAULT_ADDR: vault.url, VAULT_TOKEN };
  await using open = await openKledoTest(env, { companies: 2 });
  const { client, kledo, machine } = open;
  const search = { search: "milik" };
  vault.put("kledo/tokens/_default", { access_token: kledo.accounts[0].personalToken });
  const before = await ask(client, "contact_list", search);

  vault.put("kledo/tokens/_default", { access_token: kledo.accounts[1]?.personalToken });
  machine.pass(61_000);
  const after = await ask(client, "contact_list", search);

  expect(JSON.stringify(before)).toContain("Milik 0");
  expect(JSON.stringify(after)).toContain("Milik 1");
});

test("a tenant's own address has to be one of Kledo's", async () => {
  await using vault = await openVaultEmulator();
  const env = { TOKEN_STORE: "vault", VAULT_ADDR: vault.url, VAULT_TOKEN };
  await using open = await openKledoTest(env);
  const access_token = open.kledo.accounts[0].personalToken;
  vault.put("kledo/tokens/_default", { access_token, base_url: "http://evil.example/api/v1" });

  const result = await open.client.callTool(LIST);

  expect(result._meta?.[FAILURE_META]).toMatchObject({ code: "NO_CREDENTIALS" });
});

test("a code from Kledo's page is exchanged once; from then on the refresh token is used", async () => {
  await using open = await openKledoTest({
    KLEDO_CLIENT_ID: "client",
    KLEDO_CLIENT_SECRET: "client-secret-0123456789",
    KLEDO_OAUTH_CODE: "code-of-pemilik0-0123456789",
    KLEDO_OAUTH_REDIRECT_URI: "https://example.org/back",
  });
  const { client, kledo } = open;
  await ask(client, "utility_test_connection");

  kledo.tokens.endAll();
  const result = await ask(client, "utility_test_connection");

  expect(result).toMatchObject({ is_connected: true });
  expect(kledo.accounts[0].code).toBeNull();
  expect(kledo.tokens.refreshes()).toBe(2);
});

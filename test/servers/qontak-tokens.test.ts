import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { FAILURE_META } from "../../src/servers/kit/answer.ts";
import {
  openQontakEmulator,
  type QontakEmulator,
} from "../emulators/qontak/open-qontak-emulator.ts";
import { openVaultEmulator, VAULT_TOKEN } from "../emulators/vault/open-vault-emulator.ts";
import { connectByStdio } from "./connect.ts";
import { ask, envFor, NOW, openQontakTest, refusal } from "./open-qontak-test.ts";
import { hasRedis, openTestRedis } from "./open-test-redis.ts";

const HOST = { QONTAK_HTTP_API_KEYS: "*:http-key-0123456789abcdef0" };
const SEAL_KEY = "07".repeat(32);

const LISTS = ["list_deals", "list_tasks", "list_tickets", "list_notes", "list_contacts"];
const fifty = Array.from({ length: 50 }, (_, at) => ({
  name: LISTS[at % LISTS.length] ?? "",
  arguments: { per_page: 1 + at },
}));

const askAs = (client: Client, tenant: string, name = "get_contact") =>
  client.callTool({
    name,
    arguments: { contact_id: 1001 },
    _meta: { "clara/user_id": tenant },
  });

test("fifty calls when an access token has ended cause one refresh, and no refresh token is used twice", async () => {
  await using open = await openQontakTest({ QONTAK_MAX_CONCURRENCY: "50" });
  await ask(open.client, "list_pipelines");
  open.qontak.tokens.endAll();

  const results = await Promise.all(fifty.map((each) => open.client.callTool(each)));

  expect(results.filter(({ isError }) => isError)).toEqual([]);
  expect(open.qontak.tokens.grants()).toBe(2);
  expect(open.qontak.tokens.replays()).toBe(0);
});

test("fifty calls before anybody has signed in cause one sign-in, four requests at a time", async () => {
  await using open = await openQontakTest();

  const results = await Promise.all(fifty.map((each) => open.client.callTool(each)));

  expect(results.filter(({ isError }) => isError)).toEqual([]);
  expect(open.qontak.tokens.grants()).toBe(1);
});

test("an access token is renewed five minutes before it ends, without a call that fails", async () => {
  const clock = { now: NOW };
  await using open = await openQontakTest({}, { now: () => clock.now });
  await ask(open.client, "list_deals");
  clock.now = new Date(NOW.getTime() + 21_600_000 - 299_000);

  await ask(open.client, "list_deals");

  expect(open.qontak.tokens.grants()).toBe(2);
  expect(open.qontak.heard.map(({ path }) => path)).toEqual([
    "/oauth/token",
    "/deals",
    "/oauth/token",
    "/deals",
  ]);
});

test("a refresh is a form without an application, or with it where there is one", async () => {
  await using personal = await openQontakTest();
  await using ofClient = await openQontakTest({
    QONTAK_CLIENT_ID: "client",
    QONTAK_CLIENT_SECRET: "client-secret-0123456789",
    QONTAK_REDIRECT_URI: "https://clara.example/callback",
  });

  await ask(personal.client, "list_deals");
  await ask(ofClient.client, "list_deals");

  const [first] = personal.qontak.heard;
  const [second] = ofClient.qontak.heard;
  expect(first?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(first?.body).toBe(
    "grant_type=refresh_token&refresh_token=qontak-refresh-0-pemilik0-0123456789",
  );
  expect(new URLSearchParams(second?.body).get("client_id")).toBe("client");
  expect(new URLSearchParams(second?.body).get("redirect_uri")).toBe(
    "https://clara.example/callback",
  );
});

test("a name and a password sign in, too", async () => {
  await using open = await openQontakTest({
    QONTAK_REFRESH_TOKEN: "",
    QONTAK_USERNAME: "pemilik0@contoh.example",
    QONTAK_PASSWORD: "kata-sandi-0",
  });

  const result = await ask(open.client, "list_deals");

  expect(result).toMatchObject({ total: 8 });
});

test("where a refresh token is of no use any more, a name and a password sign in anew", async () => {
  await using open = await openQontakTest({
    QONTAK_REFRESH_TOKEN: "",
    QONTAK_USERNAME: "pemilik0@contoh.example",
    QONTAK_PASSWORD: "kata-sandi-0",
  });
  await ask(open.client, "list_deals");
  open.qontak.accounts[0].refreshToken = "used-up-by-somebody-else-0123";
  open.qontak.tokens.endAll();

  const result = await ask(open.client, "list_deals");

  expect(result).toMatchObject({ total: 8 });
  expect(open.qontak.tokens.grants()).toBe(2);
});

test("a refresh token that Qontak does not take is told as such, and never shown", async () => {
  const token = "qontak-refresh-of-yesterday-99";
  await using open = await openQontakTest({ QONTAK_REFRESH_TOKEN: token });

  const failure = await refusal(open.client, "list_deals");

  expect(failure).toMatchObject({ code: "AUTH_INVALID" });
  expect(JSON.stringify(failure) + open.machine.logged()).not.toContain(token);
});

test("a rotated refresh token outlives kill -9, in a file that is its owner's alone", async () => {
  await using qontak = await openQontakEmulator({ now: () => NOW });
  const home = await mkdtemp(join(tmpdir(), "clara-qontak-"));
  const env = envFor(qontak, home);
  const first = await connectByStdio(["qontak"], env, { now: NOW, era: "legacy" });
  await ask(first.client, "list_deals");
  first.kill();
  qontak.tokens.endAll();

  await using second = await connectByStdio(["qontak"], env, { now: NOW, era: "legacy" });
  const result = await ask(second.client, "list_deals");

  const file = join(home, ".clara/qontak-tokens.json");
  expect(result).toMatchObject({ total: 8 });
  expect(qontak.tokens.replays()).toBe(0);
  expect(await readFile(file, "utf8")).toContain(qontak.accounts[0].refreshToken);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await rm(home, { recursive: true, force: true });
});

test("with TOKEN_STORE=env nobody gets the one account by saying another name", async () => {
  await using open = await openQontakTest(HOST);

  const own = await ask(open.client, "list_deals");
  const others = await askAs(open.client, "berta");
  const byArgument = await refusal(open.client, "list_deals", { user_id: "berta" });

  expect(own).toMatchObject({ total: 8 });
  expect(others._meta?.[FAILURE_META]).toMatchObject({ code: "NO_CREDENTIALS" });
  expect(byArgument).toMatchObject({ code: "NO_CREDENTIALS" });
});

test("each tenant of Vault has its own company, and what rotates goes back to where it was", async () => {
  await using vault = await openVaultEmulator();
  const env = { ...HOST, TOKEN_STORE: "vault", VAULT_ADDR: vault.url, VAULT_TOKEN };
  await using open = await openQontakTest(env, { companies: 2 });
  const [first, second] = open.qontak.accounts;
  vault.put("qontak/tokens/anna", { refresh_token: first.refreshToken });
  vault.put("qontak/tokens/berta", { refresh_token: second?.refreshToken });

  const [anna, berta, carl] = await Promise.all([
    askAs(open.client, "anna"),
    askAs(open.client, "berta"),
    askAs(open.client, "carl"),
  ]);

  expect(JSON.stringify(anna.structuredContent)).toContain("Dewi");
  expect(JSON.stringify(berta.structuredContent)).toContain("Milik 1");
  expect(carl._meta?.[FAILURE_META]).toMatchObject({ code: "NO_CREDENTIALS" });
  expect(vault.at("qontak/tokens/anna")).toMatchObject({ refresh_token: first.refreshToken });
  expect(vault.at("qontak/tokens/berta")).toMatchObject({ refresh_token: second?.refreshToken });
});

test("a token that rotated while Vault was sealed is not lost: it goes there when it is open again", async () => {
  await using vault = await openVaultEmulator();
  const env = { ...HOST, TOKEN_STORE: "vault", VAULT_ADDR: vault.url, VAULT_TOKEN };
  await using open = await openQontakTest(env);
  const [account] = open.qontak.accounts;
  vault.put("qontak/tokens/anna", { refresh_token: account.refreshToken });
  open.qontak.onGrant(() => vault.seal(true));
  const whileSealed = await askAs(open.client, "anna");
  open.qontak.onGrant(() => {});
  vault.seal(false);
  open.qontak.tokens.endAll();

  const later = await askAs(open.client, "anna");

  expect(whileSealed.isError).not.toBe(true);
  expect(later.isError).not.toBe(true);
  expect(open.qontak.tokens.replays()).toBe(0);
  expect(vault.at("qontak/tokens/anna")).toMatchObject({ refresh_token: account.refreshToken });
});

test.runIf(hasRedis)(
  "in Redis tokens are sealed, have no end, and two servers renew them once",
  async () => {
    await using redis = await openTestRedis();
    const env = {
      ...HOST,
      TOKEN_STORE: "redis",
      TOKEN_STORE_KEY: SEAL_KEY,
      REDIS_URL: redis.url,
      REDIS_KEY_PREFIX: redis.prefix,
    };
    await using open = await openQontakTest(env);
    await using other = await openQontakTest({ ...env, QONTAK_BASE_URL: open.qontak.url });
    const direct = new Redis(redis.url);
    const [account] = open.qontak.accounts;
    const before = account.refreshToken;
    await direct.set(`${redis.prefix}anna`, JSON.stringify({ refresh_token: before }));

    const results = await Promise.all([
      askAs(open.client, "anna"),
      askAs(other.client, "anna"),
      askAs(open.client, "anna"),
    ]);

    const held = (await direct.get(`${redis.prefix}anna`)) ?? "";
    expect(results.filter(({ isError }) => isError)).toEqual([]);
    expect(open.qontak.tokens.grants()).toBe(1);
    expect(held).not.toContain(account.refreshToken);
    expect(await direct.ttl(`${redis.prefix}anna`)).toBe(-1);
    direct.disconnect();
  },
);

test("five hundred calls of fifty tenants at once read nothing of each other's", async () => {
  await using vault = await openVaultEmulator();
  const env = {
    ...HOST,
    TOKEN_STORE: "vault",
    VAULT_ADDR: vault.url,
    VAULT_TOKEN,
    QONTAK_MAX_CONCURRENCY: "10",
  };
  await using open = await openQontakTest(env, { companies: 50 });
  open.qontak.accounts.forEach(({ refreshToken, crm }, at) => {
    vault.put(`qontak/tokens/tenant-${at}`, { refresh_token: refreshToken });
    Object.assign(crm.tables.contacts[0] ?? {}, { first_name: `Milik ${at}` });
  });
  const asked = Array.from({ length: 500 }, (_, at) => at % 50);

  const seen = await Promise.all(
    asked.map(async (at) => {
      const { structuredContent } = await askAs(open.client, `tenant-${at}`);
      const { record } = structuredContent as { record: { first_name: string } };
      return record.first_name;
    }),
  );

  expect(seen).toEqual(asked.map((at) => `Milik ${at}`));
  expect(open.qontak.tokens.grants()).toBe(50);
});

const signed = (open: QontakEmulator, secret = open.accounts[0].hmac.secret) => ({
  QONTAK_REFRESH_TOKEN: "",
  QONTAK_HMAC_CLIENT_ID: open.accounts[0].hmac.username,
  QONTAK_HMAC_CLIENT_SECRET: secret,
  QONTAK_USER_SSO_ID: "50c3d284-7b8b-460d-88bf-9cdde2bdbc26",
  QONTAK_BASE_URL: open.gatewayUrl,
});

test("for Mekari's gateway each request is signed, with its query, and no token is asked for", async () => {
  await using qontak = await openQontakEmulator({ now: () => NOW });
  await using open = await openQontakTest(signed(qontak));

  const listed = await ask(open.client, "list_contacts", { name: "dewi lestari", per_page: 2 });
  await ask(open.client, "create_product", { name: "Filter" });

  expect(listed).toMatchObject({ total: 1 });
  expect(qontak.crm.tables.products.at(-1)).toMatchObject({ name: "Filter" });
  expect(qontak.heard.map(({ path }) => path)).toEqual(["/contacts", "/products"]);
  expect(qontak.heard[0]?.headers["x-crm-user-sso-id"]).toBe(
    "50c3d284-7b8b-460d-88bf-9cdde2bdbc26",
  );
});

test("a wrong secret of the gateway is told as such, asked with once, and never shown", async () => {
  await using qontak = await openQontakEmulator({ now: () => NOW });
  await using open = await openQontakTest(signed(qontak, "hmac-secret-of-somebody-else"));

  const failure = await refusal(open.client, "list_deals");

  expect(failure).toMatchObject({ code: "AUTH_INVALID" });
  expect(qontak.heard).toHaveLength(1);
  expect(JSON.stringify(failure) + open.machine.logged()).not.toContain("somebody-else");
});

test("each tenant signs with a secret of its own", async () => {
  await using vault = await openVaultEmulator();
  await using qontak = await openQontakEmulator({ now: () => NOW, companies: 2 });
  const env = { ...HOST, TOKEN_STORE: "vault", VAULT_ADDR: vault.url, VAULT_TOKEN };
  await using open = await openQontakTest({ ...env, QONTAK_BASE_URL: qontak.gatewayUrl });
  qontak.accounts.forEach(({ hmac }, at) =>
    vault.put(`qontak/tokens/tenant-${at}`, {
      hmac_username: hmac.username,
      hmac_secret: hmac.secret,
    }),
  );

  const answers = await Promise.all(
    ["tenant-0", "tenant-1", "tenant-2"].map((tenant) => askAs(open.client, tenant)),
  );

  expect(JSON.stringify(answers[0]?.structuredContent)).toContain("Dewi");
  expect(JSON.stringify(answers[1]?.structuredContent)).toContain("Milik 1");
  expect(answers[2]?._meta?.[FAILURE_META]).toMatchObject({ code: "NO_CREDENTIALS" });
});

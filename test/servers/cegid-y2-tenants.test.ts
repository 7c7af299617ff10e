import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCegidY2 } from "../../src/servers/cegid-y2/open-cegid-y2.ts";
import { newMasterKey } from "../../src/lib/seal.ts";
import { openCegidEmulator, type Account } from "../emulators/cegid-y2/index.ts";
import { Redis } from "ioredis";
import { openVaultEmulator, VAULT_TOKEN } from "../emulators/vault/open-vault-emulator.ts";
import { ACCOUNT, helpers, KEY, OTHER, talkToCegid } from "./cegid-y2/open.ts";
import { connectByHttp, serveOverHttp } from "./connect.ts";
import { serverMachine } from "./machine.ts";
import { hasRedis, openTestRedis } from "./open-test-redis.ts";

const TENANTS = 50;
const CALLS = 500;
const NOW = new Date("2026-11-24T11:00:00Z");
const clock = { now: () => NOW };

/** Folder 7 is that of tenant t7; its first customer has a name that nobody else's has. */
const account = (at: number): Account => ({
  folder: `9000${String(1000 + at)}_001_PROD`,
  user: `user${at}`,
  password: `password-of-tenant-${at}`,
});
const nameOf = (at: number): string => `Only-In-${at}-`;

test.runIf(hasRedis)(
  "500 calls of 50 tenants at once: nobody reads what is another's, and nobody gets a stranger's folder",
  async () => {
    await using redis = await openTestRedis();
    const accounts = Array.from({ length: TENANTS }, (_, at) => account(at));
    await using emulator = await openCegidEmulator(accounts, clock);
    await putRecords(redis.url, accounts, emulator.url);
    accounts.forEach(({ folder }, at) =>
      emulator.books(folder).customers.get("WEB000001")?.values.set("LastName", nameOf(at)),
    );
    const machine = serverMachine(
      {
        CEGID_Y2_HTTP_API_KEYS: `*:${KEY}`,
        CEGID_Y2_RATE_LIMIT_ENABLED: "false",
        TOKEN_STORE: "redis",
        TOKEN_STORE_KEY: newMasterKey(),
        REDIS_URL: redis.url,
      },
      { clock },
    );
    await using served = await serveOverHttp(
      machine,
      await openCegidY2(machine, { isDemo: false }),
    );
    await using connected = await connectByHttp(served.url, { key: KEY });

    const answers = await Promise.all(
      Array.from({ length: CALLS }, async (_, call) => {
        const result = await connected.client.callTool({
          name: "get_customer_details",
          arguments: { customer_id: "WEB000001", user_id: `t${call % TENANTS}` },
        });
        return JSON.stringify(result);
      }),
    );

    const wrong = answers.filter((answer, call) => !answer.includes(nameOf(call % TENANTS)));
    const strangers = answers.filter((answer, call) => {
      const own = nameOf(call % TENANTS);
      return (answer.match(/Only-In-\d+-/g) ?? []).some((name) => name !== own);
    });
    expect(wrong).toEqual([]);
    expect(strangers).toEqual([]);
    expect(new Set(emulator.requests).size).toBe(TENANTS);
    expect(emulator.requests.length).toBeLessThanOrEqual(CALLS);
    expect(machine.logged()).not.toContain("password-of-tenant");
  },
);

async function putRecords(url: string, accounts: readonly Account[], base: string): Promise<void> {
  const redis = new Redis(url);
  await Promise.all(
    accounts.map(({ folder, user, password }, at) =>
      redis.set(
        `cegid-y2:tokens:t${at}`,
        JSON.stringify({ folder_id: folder, username: user, password, base_url: base }),
      ),
    ),
  );
  redis.disconnect();
}

test("a tenant who is given another folder sees nothing that was kept of the first one", async () => {
  await using vault = await openVaultEmulator();
  await using emulator = await openCegidEmulator([ACCOUNT, OTHER], clock);
  const give = ({ folder, user, password }: Account) =>
    vault.put("cegid-y2/tokens/anna", {
      folder_id: folder,
      username: user,
      password,
      base_url: emulator.url,
    });
  for (const [at, { folder }] of [ACCOUNT, OTHER].entries())
    emulator.books(folder).customers.get("WEB000001")?.values.set("LastName", nameOf(at));
  let now = NOW.getTime();
  const machine = serverMachine(
    {
      CEGID_Y2_HTTP_API_KEYS: `anna:${KEY}`,
      TOKEN_STORE: "vault",
      VAULT_ADDR: vault.url,
      VAULT_TOKEN,
    },
    { clock: { now: () => new Date(now) } },
  );
  await using served = await serveOverHttp(machine, await openCegidY2(machine, { isDemo: false }));
  await using connected = await connectByHttp(served.url, { key: KEY });
  const customer = { name: "get_customer_details", arguments: { customer_id: "WEB000001" } };
  give(ACCOUNT);
  const before = JSON.stringify(await connected.client.callTool(customer));

  give(OTHER);
  // What is known of a record is looked at again after a minute; what was kept of Cegid Y2 is good for longer.
  now += 61_000;
  const after = JSON.stringify(await connected.client.callTool(customer));

  expect(before).toContain(nameOf(0));
  expect(after).toContain(nameOf(1));
});

test("who has no record gets nobody else's account", async () => {
  await using talk = await talkToCegid({ env: { CEGID_Y2_HTTP_API_KEYS: `*:${KEY}` } });

  const failure = await talk.failed("list_invoices", { user_id: "somebody" });

  expect(failure.code).toBe("NO_CREDENTIALS");
  expect(talk.emulator.requests).toEqual([]);
});

test("a caller who signed in as one tenant is not let to another", async () => {
  await using talk = await talkToCegid({ env: { CEGID_Y2_HTTP_API_KEYS: `anna:${KEY}` } });

  const failure = await talk.failed("list_invoices", { user_id: "berta" });

  expect(failure.code).toBe("FORBIDDEN");
});

test("another folder's password opens nothing", async () => {
  await using talk = await talkToCegid({
    env: { CEGID_Y2_PASSWORD: OTHER.password, CEGID_Y2_TRIES: "1" },
  });

  const failure = await talk.failed("check_connection");

  expect(failure.code).toBe("AUTH_INVALID");
});

/** The JSON services with tokens, kept in a file of this test alone. */
async function talkWithTokens() {
  const home = await mkdtemp(join(tmpdir(), "clara-cegid-"));
  const emulator = await openCegidEmulator([ACCOUNT], clock);
  const machine = serverMachine(
    {
      HOME: home,
      CEGID_Y2_BASE_URL: emulator.url,
      CEGID_Y2_FOLDER_ID: ACCOUNT.folder,
      CEGID_Y2_USERNAME: ACCOUNT.user,
      CEGID_Y2_PASSWORD: ACCOUNT.password,
      CEGID_Y2_REST_AUTH: "oauth",
      CEGID_Y2_TOKEN_URL: emulator.tokenUrl,
      CEGID_Y2_RATE_LIMIT_ENABLED: "false",
      CEGID_Y2_MAX_CONCURRENCY: "50",
      CEGID_Y2_CACHE_ENABLED: "false",
      CEGID_Y2_HTTP_API_KEYS: `default:${KEY}`,
    },
    { clock },
  );
  const served = await serveOverHttp(machine, await openCegidY2(machine, { isDemo: false }));
  const connected = await connectByHttp(served.url, { key: KEY });
  return {
    ...helpers(connected),
    emulator,
    machine,
    async [Symbol.asyncDispose]() {
      await connected.client.close();
      await served[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

test("fifty calls of the JSON services sign in once, and fifty more refresh once when that has ended", async () => {
  await using talk = await talkWithTokens();
  const fifty = () =>
    Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        talk.call("get_customer_addresses", {
          customer_id: `WEB0000${String((at % 9) + 1).padStart(2, "0")}`,
        }),
      ),
    );

  await fifty();
  talk.emulator.tokens.endAll();
  const again = await fifty();

  expect(again).toHaveLength(50);
  expect(talk.emulator.tokens.grants()).toEqual(["password", "refresh_token"]);
});

test("SOAP works while the sign-in of the JSON services does not", async () => {
  await using talk = await talkWithTokens();
  talk.emulator.tokens.refuseAll();

  const connection = await talk.call("check_connection");
  const failure = await talk.failed("list_orders_with_remainders");

  expect(connection["version"]).toBe("20.0.12");
  expect(failure.code).toMatch(/AUTH_INVALID|UPSTREAM_REJECTED/);
  expect(failure.text + talk.machine.logged()).not.toContain(ACCOUNT.password);
});

test("where the JSON services are not set up, their tools say so", async () => {
  await using talk = await talkToCegid({ env: { CEGID_Y2_REST_AUTH: "off" } });

  const failure = await talk.failed("get_product_image", { item_code: "TSH100" });

  expect(failure).toEqual({
    code: "UNSUPPORTED_OPERATION",
    text: expect.stringContaining("CEGID_Y2_REST_AUTH"),
  });
});

test.runIf(hasRedis)(
  "answers are kept in Redis, in memory while it is away, and what is written forgets in both",
  async () => {
    await using redis = await openTestRedis();
    await using talk = await talkToCegid({ env: { REDIS_URL: redis.url } });
    const read = () => talk.call("get_customer_details", { customer_id: "WEB000001" });
    await read();
    await read();
    const inRedis = talk.emulator.requests.length;
    await redis.goAway();

    await read();
    await read();
    const inMemory = talk.emulator.requests.length;
    await talk.call("update_customer", { customer_id: "WEB000001", data: { city: "Nice" } });
    const after = await read();

    expect(inRedis).toBe(1);
    expect(inMemory).toBe(2);
    expect(after["city"]).toBe("Nice");
  },
);

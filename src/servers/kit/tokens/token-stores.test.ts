import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import {
  openVaultEmulator,
  VAULT_TOKEN,
} from "../../../../test/emulators/vault/open-vault-emulator.ts";
import { hasRedis, openTestRedis } from "../../../../test/servers/open-test-redis.ts";
import { systemClock } from "../../../core/clock.ts";
import { pause } from "../../../lib/pause.ts";
import { createSealer, newMasterKey, toMasterKey } from "../../../lib/seal.ts";
import { DEFAULT_TENANT, toTenantId, type TenantId } from "../tenant.ts";
import { createEnvStore } from "./env-store.ts";
import { createFileStore } from "./file-store.ts";
import { createRedisTokens } from "./redis-tokens.ts";
import { createTokenText } from "./token-text.ts";
import { NO_TOKENS, type Tokens, type TokenStore } from "./token-store.ts";
import { createVaultTokens } from "./vault-tokens.ts";

const anna = toTenantId("anna") ?? DEFAULT_TENANT;
const berta = toTenantId("berta") ?? DEFAULT_TENANT;
const { signal } = new AbortController();
const of = (refreshToken: string): Tokens => ({ ...NO_TOKENS, refreshToken });

const sealedText = () => {
  const key = toMasterKey(newMasterKey());
  if (key === null) throw new Error("no key");
  return createTokenText("test", createSealer([key]));
};

interface OpenStore extends AsyncDisposable {
  readonly store: TokenStore;
  /** What lies there, as whoever looks at the disk would see it. */
  readonly raw: (tenant: TenantId) => Promise<string>;
}

async function openFile(): Promise<OpenStore & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "clara-tokens-"));
  const path = join(folder, "deep", "tokens.json");
  return {
    path,
    store: createFileStore({ path, text: sealedText(), clock: systemClock, pause }),
    raw: () => readFile(path, "utf8"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function openRedisStore(): Promise<OpenStore> {
  const server = await openTestRedis();
  const redis = new Redis(server.url);
  return {
    store: createRedisTokens(redis, server.prefix, sealedText()),
    raw: async (tenant) => (await redis.get(`${server.prefix}${tenant}`)) ?? "",
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function openVaultStore() {
  const vault = await openVaultEmulator();
  const settings = {
    address: vault.url,
    token: VAULT_TOKEN,
    mount: "secret",
    path: "test/tokens",
    namespace: "team-a",
  };
  const store = createVaultTokens({ fetch: globalThis.fetch }, settings);
  return { vault, store, [Symbol.asyncDispose]: () => vault[Symbol.asyncDispose]() };
}

const OPEN = [
  { name: "a file", isHere: true, open: openFile },
  { name: "Redis", isHere: hasRedis, open: openRedisStore },
  { name: "Vault", isHere: true, open: openVaultStore },
] as const;

describe.each(OPEN)("$name", ({ isHere, open }) => {
  test.runIf(isHere)("gives back what was put there, and nothing to others", async () => {
    await using there = await open();

    await there.store.write(
      anna,
      { ...of("refresh-anna"), secrets: { base_url: "x" } },
      null,
      signal,
    );

    expect((await there.store.read(anna, signal))?.tokens).toEqual({
      ...of("refresh-anna"),
      secrets: { base_url: "x" },
    });
    expect(await there.store.read(berta, signal)).toBeNull();
    expect(await there.store.read(DEFAULT_TENANT, signal)).toBeNull();
  });

  test.runIf(isHere)("lets one of two win who write at the same time", async () => {
    await using there = await open();
    await there.store.write(anna, of("first"), null, signal);
    const version = (await there.store.read(anna, signal))?.version ?? null;

    const results = await Promise.all(
      ["one", "other"].map((name) => there.store.write(anna, of(name), version, signal)),
    );

    expect(results.filter(Boolean)).toHaveLength(1);
  });

  test.runIf(isHere)("forgets, and takes new ones afterwards", async () => {
    await using there = await open();
    await there.store.write(anna, of("first"), null, signal);

    await there.store.remove(anna, signal);
    const gone = await there.store.read(anna, signal);
    const isWritten = await there.store.write(anna, of("second"), null, signal);

    expect(gone).toBeNull();
    expect(isWritten).toBe(true);
    expect((await there.store.read(anna, signal))?.tokens.refreshToken).toBe("second");
  });

  test.runIf(isHere)("lists its tenants", async () => {
    await using there = await open();
    await there.store.write(anna, of("a"), null, signal);
    await there.store.write(berta, of("b"), null, signal);

    const tenants = await there.store.tenants(signal);

    expect(tenants.toSorted()).toEqual(["anna", "berta"]);
  });
});

test("a file is sealed, and its owner's alone", async () => {
  await using there = await openFile();

  await there.store.write(anna, of("refresh-anna"), null, signal);

  expect(await there.raw(anna)).not.toContain("refresh-anna");
  expect((await stat(there.path)).mode & 0o777).toBe(0o600);
});

test("a lock that somebody left who died is broken", async () => {
  await using there = await openFile();
  await there.store.write(anna, of("first"), null, signal);
  const lock = `${there.path}.lock`;
  await writeFile(lock, "");
  await utimes(lock, new Date(0), new Date(0));
  const version = (await there.store.read(anna, signal))?.version ?? null;

  const isWritten = await there.store.write(anna, of("second"), version, signal);

  expect(isWritten).toBe(true);
  await expect(stat(lock)).rejects.toThrow("ENOENT");
});

test.runIf(hasRedis)(
  "in Redis tokens are sealed, bound to their tenant, and never end by themselves",
  async () => {
    await using server = await openTestRedis();
    const redis = new Redis(server.url);
    const store = createRedisTokens(redis, server.prefix, sealedText());
    await store.write(anna, of("refresh-anna"), null, signal);

    const raw = (await redis.get(`${server.prefix}anna`)) ?? "";
    await redis.set(`${server.prefix}berta`, raw);
    const ttl = await redis.ttl(`${server.prefix}anna`);
    const stolen = store.read(berta, signal);

    expect(raw).not.toContain("refresh-anna");
    expect(ttl).toBe(-1);
    await expect(stolen).rejects.toThrow("do not open");
    redis.disconnect();
  },
);

test("what somebody has put into Vault by hand is read, in the form of the original servers", async () => {
  await using there = await openVaultStore();
  there.vault.put("test/tokens/anna", {
    refresh_token: "by-hand",
    access_token: "access",
    expires_at: 1_800_000_000,
  });

  const held = await there.store.read(anna, signal);

  expect(held?.tokens).toMatchObject({
    refreshToken: "by-hand",
    accessToken: "access",
    expiresAt: 1_800_000_000_000,
  });
  expect(there.vault.namespaces).toEqual(["team-a"]);
});

test("a sealed Vault is told in words, and nothing is taken from elsewhere", async () => {
  await using there = await openVaultStore();
  there.vault.seal(true);

  const reading = there.store.read(anna, signal);

  await expect(reading).rejects.toThrow("(Vault) is sealed, or in maintenance");
});

test("settings hold one tenant's tokens only; what became of them by rotation is kept until the settings change", async () => {
  await using there = await openFile();
  const before = createEnvStore(of("seed"), there.store);
  const held = await before.read(DEFAULT_TENANT, signal);
  const rotated = { ...of("rotated"), secrets: held?.tokens.secrets ?? {} };
  await before.write(DEFAULT_TENANT, rotated, held?.version ?? null, signal);

  const later = await createEnvStore(of("seed"), there.store).read(DEFAULT_TENANT, signal);
  const changed = await createEnvStore(of("another"), there.store).read(DEFAULT_TENANT, signal);
  const others = await createEnvStore(of("seed"), there.store).read(anna, signal);

  expect(later?.tokens.refreshToken).toBe("rotated");
  expect(changed?.tokens.refreshToken).toBe("another");
  expect(others).toBeNull();
});

test("two programs with credentials of their own share a file, and neither loses what rotated", async () => {
  await using there = await openFile();
  const one = createEnvStore(of("one"), there.store);
  const other = createEnvStore(of("other"), there.store);
  await one.write(DEFAULT_TENANT, of("one, rotated"), "", signal);
  await other.write(DEFAULT_TENANT, of("other, rotated"), "", signal);

  const found = await Promise.all([one, other].map((each) => each.read(DEFAULT_TENANT, signal)));

  expect(found.map((held) => held?.tokens.refreshToken)).toEqual([
    "one, rotated",
    "other, rotated",
  ]);
});

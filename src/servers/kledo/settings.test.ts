import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadKledoSettings } from "./settings.ts";

const PAT = "kledo_pat_0123456789abcdef0123456789";

test("a personal token goes before a password", () => {
  const { seed } = loadKledoSettings({
    KLEDO_API_KEY: PAT,
    KLEDO_EMAIL: "a@b.example",
    KLEDO_PASSWORD: "x",
  });

  expect(seed).toMatchObject({ accessToken: PAT, secrets: {} });
});

test("without an account it opens, and has none", () => {
  expect(loadKledoSettings({}).seed).toBeNull();
});

test.each([
  "http://api.kledo.com/api/v1",
  "https://api.kledo.com",
  "https://user:pass@api.kledo.com/api/v1",
  "ftp://x/api/v1",
  "kledo",
])("%s is no address of Kledo's", (address) => {
  expect(() => loadKledoSettings({ KLEDO_BASE_URL: address })).toThrow("KLEDO_BASE_URL");
});

test.each(["kledo_pat_short", "0123456789", "has blanks in it, which no token does"])(
  "%s is no token",
  (token) => {
    expect(() => loadKledoSettings({ KLEDO_API_KEY: token })).toThrow("KLEDO_API_KEY");
  },
);

test("the times of the original hold, but for what a file in its form changes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clara-kledo-"));
  const path = join(folder, "cache_config.yaml");
  await writeFile(
    path,
    "master_data:\n  products: 60\nrealtime:\n  bank_balance: 0\ncache_settings:\n  max_size: 5\n",
  );

  const { ttlSeconds, kit } = loadKledoSettings({ KLEDO_CACHE_CONFIG: path });

  expect(kit.cache.maxEntries).toBe(5);
  expect(ttlSeconds).toMatchObject({
    products: 60,
    contacts: 7_200,
    accounts: 14_400,
    deliveries: 900,
    invoices: 1_800,
    reports: 3_600,
    bank_balance: 0,
    stock_levels: 600,
  });
  await rm(folder, { recursive: true });
});

test("a file that cannot be used is told by its name", () => {
  expect(() => loadKledoSettings({ KLEDO_CACHE_CONFIG: "/nowhere/x.yaml" })).toThrow(
    "/nowhere/x.yaml",
  );
});

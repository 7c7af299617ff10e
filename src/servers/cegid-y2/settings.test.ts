import { expect, test } from "vitest";
import { loadCegidSettings } from "./settings.ts";

const ACCOUNT = {
  CEGID_Y2_BASE_URL: "https://90000000-retail-ondemand.cegid.cloud/Y2/",
  CEGID_Y2_FOLDER_ID: "90000000_001_PROD",
  CEGID_Y2_USERNAME: "clara",
  CEGID_Y2_PASSWORD: "secret",
};

test("an account is read, and nothing may be changed unless that is said", () => {
  const settings = loadCegidSettings(ACCOUNT);

  expect(settings).toMatchObject({
    baseUrl: "https://90000000-retail-ondemand.cegid.cloud/Y2",
    allowsWrites: false,
    rest: { auth: "off" },
    zone: "Europe/Paris",
    seed: {
      secrets: { folder_id: "90000000_001_PROD", username: "clara", password: "secret" },
    },
  });
  expect(settings.kit.upstream).toMatchObject({ timeoutMs: 60_000, atOnce: 4 });
});

test("variables that every system has are not ours", () => {
  expect(loadCegidSettings({ USERNAME: "root", PASSWORD: "x", BASE_URL: "y" }).seed).toBeNull();
});

test("stock is kept a minute at most, other things as long as is said", () => {
  const { ttlSeconds } = loadCegidSettings({ ...ACCOUNT, CEGID_Y2_CACHE_TTL_SECONDS: "900" });

  expect(ttlSeconds).toMatchObject({ documents: 900, customers: 900, stock: 60 });
  expect(loadCegidSettings({ CEGID_Y2_CACHE_TTL_SECONDS: "0" }).ttlSeconds["stock"]).toBe(0);
});

test.each([
  [{ CEGID_Y2_PASSWORD: "" }, "go together"],
  [{ CEGID_Y2_BASE_URL: "" }, "go together"],
  [{ CEGID_Y2_BASE_URL: "http://erp.example/Y2" }, "https://"],
  [{ CEGID_Y2_BASE_URL: "https://erp.example/" }, "/Y2"],
  [{ CEGID_Y2_BASE_URL: "https://u:p@erp.example/Y2" }, "https://"],
  [{ CEGID_Y2_USERNAME: "90000000\\clara" }, "no backslash"],
  [{ CEGID_Y2_FOLDER_ID: "a:b" }, "no colon"],
  [{ CEGID_Y2_REST_AUTH: "oauth" }, "CEGID_Y2_TOKEN_URL"],
  [{ CEGID_Y2_REST_AUTH: "maybe" }, "CEGID_Y2_REST_AUTH"],
  [{ CEGID_Y2_TIME_ZONE: "Moon/Base" }, "no zone"],
])("%j is refused with words that say what would be right", (change, words) => {
  expect(() => loadCegidSettings({ ...ACCOUNT, ...change })).toThrow(words);
});

import { expect, test } from "vitest";
import { WrongSettings } from "../../lib/wrong-settings.ts";
import { loadQontakSettings } from "./settings.ts";

test("the addresses are Qontak's own when nothing is said", () => {
  const { baseUrl, tokenUrl, seed, oauth } = loadQontakSettings({});

  expect(baseUrl).toBe("https://app.qontak.com/api/v3.1");
  expect(tokenUrl).toBe("https://app.qontak.com/oauth/token");
  expect([seed, oauth]).toEqual([null, null]);
});

test("a refresh token goes before a password", () => {
  const { seed } = loadQontakSettings({
    QONTAK_REFRESH_TOKEN: "token",
    QONTAK_USERNAME: "name",
    QONTAK_PASSWORD: "word",
  });

  expect(seed).toMatchObject({ refreshToken: "token", secrets: {} });
});

test.each([
  { QONTAK_BASE_URL: "http://qontak.example/api" },
  { QONTAK_BASE_URL: "https://me:secret@qontak.example/api" },
  { QONTAK_TOKEN_URL: "ftp://qontak.example" },
  { QONTAK_CLIENT_ID: "only-one-of-two" },
  { QONTAK_HMAC_CLIENT_ID: "only-one-of-two" },
  { QONTAK_HMAC_CLIENT_ID: 'a", x="', QONTAK_HMAC_CLIENT_SECRET: "secret" },
  { QONTAK_TEMPLATE_TTL: "soon" },
  { TOKEN_STORE: "redis" },
  { TOKEN_STORE: "vault" },
])("%o cannot be used", (env) => {
  expect(() => loadQontakSettings(env)).toThrow(WrongSettings);
});

test("how long templates are kept may be said", () => {
  const { ttlSeconds } = loadQontakSettings({ QONTAK_TEMPLATE_TTL: "0" });

  expect(ttlSeconds).toEqual({ templates: 0, pipelines: 600, categories: 600 });
});

test("whoever signs each request asks Mekari's gateway", () => {
  const { baseUrl } = loadQontakSettings({
    QONTAK_HMAC_CLIENT_ID: "client",
    QONTAK_HMAC_CLIENT_SECRET: "secret",
  });

  expect(baseUrl).toBe("https://api.mekari.com/qontak/crm");
});

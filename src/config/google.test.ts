import { expect, test } from "vitest";
import { ConfigError, loadConfig } from "../config.ts";

const CLIENT = { GOOGLE_CLIENT_ID: "id", GOOGLE_CLIENT_SECRET: "secret" };
const SERVER = { DATABASE_URL: "postgres://x@localhost/x" };

const complaints = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
};

test.each([
  [{}, /GOOGLE_CLIENT_ID is not set/],
  [{ ...CLIENT, ...SERVER }, /no key to seal/],
  [{ ...CLIENT, CLARA_WEB_HOST: "0.0.0.0" }, /nobody could open its page/],
  [{ ...CLIENT, DISCORD_MONITOR_ENABLED: "off" }, /nobody could open its page/],
])("Google is off with %j, and says why and what turns it on", (env, says) => {
  const { google } = loadConfig(env);

  expect(google).toMatchObject({ isOn: false, says: expect.stringMatching(says) });
  expect(google.isOn ? "" : google.advice).toMatch(/GOOGLE\.md|CLARA_/);
});

test.each([
  [{}, "http://localhost:8001/oauth/google"],
  [{ CLARA_API_URL: "https://clara.example.com/" }, "https://clara.example.com/oauth/google"],
  [{ GOOGLE_REDIRECT_URI: "https://x.test/oauth/google/callback" }, "https://x.test/oauth/google"],
])("with %j its pages are at %s", (env, base) => {
  expect(loadConfig({ ...CLIENT, ...env }).google).toMatchObject({
    isOn: true,
    redirectUri: `${base}/callback`,
    startUrl: `${base}/start`,
  });
});

test.each([
  [{ GOOGLE_CLIENT_ID: "id" }, /GOOGLE_CLIENT_SECRET is missing/],
  [{ GOOGLE_CLIENT_SECRET: "s" }, /GOOGLE_CLIENT_ID is missing/],
  [{ ...CLIENT, GOOGLE_REDIRECT_URI: "https://x.test/back" }, /must be a host with \/oauth/],
  [{ ...CLIENT, CLARA_API_URL: "https://x.test/clara" }, /must be a host with/],
  [{ ...CLIENT, GOOGLE_REDIRECT_URI: "https://x.test/oauth/google/callback?a=b" }, /nothing more/],
  [{ ...CLIENT, GOOGLE_REDIRECT_URI: "https://x.test/oauth/google/callback#a" }, /nothing more/],
  [{ ...CLIENT, CLARA_API_URL: "http://x.test" }, /must begin with https/],
])("%j cannot be meant", (env, says) => {
  expect(complaints(env)).toMatch(says);
});

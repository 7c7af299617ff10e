import { expect, test } from "vitest";
import { recordingWebDeps, webOptions } from "../../test/web-deps.ts";
import { createWebApp } from "./app.ts";
import type { Health } from "./health.ts";

const ask = async (path: string, health?: () => Promise<Health>) => {
  const deps = { ...recordingWebDeps(), ...(health ? { health } : {}) };
  const options = { ...webOptions, playground: false, host: "0.0.0.0" };
  const app = createWebApp(deps, options, new AbortController().signal);
  const response = await app.request(path, { headers: { host: "clara.example" } });
  return { status: response.status, body: (await response.json()) as unknown };
};

const unwell = (change: Partial<Health> = {}) => ({
  status: "degraded" as const,
  isReady: false,
  isDemo: false,
  rooms: [],
  ...change,
});

test("/health says how she is, which version, and what is on and why", async () => {
  expect(await ask("/health")).toEqual({
    status: 200,
    body: {
      status: "ok",
      name: "Clara",
      version: "1.2.3",
      demo: true,
      rooms: [{ name: "discord", on: false, well: true, why: "no token", advice: "set it" }],
    },
  });
});

test("/health is 503 while something that is on does not work", async () => {
  expect(await ask("/health", async () => unwell())).toMatchObject({
    status: 503,
    body: { status: "degraded" },
  });
});

test("/health says which room does not work", async () => {
  const store = { name: "store", isOn: true, isWell: false, says: "away", advice: null };

  expect(await ask("/health", async () => unwell({ rooms: [store] }))).toMatchObject({
    status: 503,
    body: { rooms: [{ name: "store", on: true, well: false, why: "away" }] },
  });
});

test("/health is 503, without the cause, when looking fails", async () => {
  const { status, body } = await ask("/health", () => Promise.reject(new Error("secret")));

  expect(status).toBe(503);
  expect(JSON.stringify(body)).not.toContain("secret");
});

test("/health is 503 when looking takes too long", async () => {
  expect(await ask("/health", () => new Promise(() => {}))).toMatchObject({ status: 503 });
});

test("/ready asks only whether work may be sent", async () => {
  expect(await ask("/ready")).toEqual({ status: 200, body: { ready: true } });
  expect(await ask("/ready", async () => unwell({ isReady: true }))).toMatchObject({ status: 200 });
  expect(await ask("/ready", async () => unwell({ status: "ok" }))).toEqual({
    status: 503,
    body: { ready: false },
  });
});

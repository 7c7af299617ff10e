import { expect, test } from "vitest";
import { recordingWebDeps, webOptions } from "../../test/web-deps.ts";
import { createWebApp } from "./app.ts";
import { isLoopback } from "./guard.ts";

const question = JSON.stringify({ conversation: "web:0198f3a2", text: "Hello?" });
const history = "/api/playground/conversations/web:0198f3a2/messages";
const events = "/api/playground/events?conversation=web:0198f3a2";

const setUp = (change: Partial<typeof webOptions> = {}) => {
  const deps = recordingWebDeps();
  const closing = new AbortController();
  const app = createWebApp(deps, { ...webOptions, ...change }, closing.signal);
  const get = async (path: string, headers: Record<string, string>) =>
    (await app.request(path, { headers })).status;
  const post = async (headers: Record<string, string>) =>
    (await app.request("/api/playground/messages", { method: "POST", headers, body: question }))
      .status;
  return { deps, app, get, post, close: () => closing.abort() };
};

const host = "localhost:8001";
const origin = "http://localhost:8001";
const type = { "content-type": "application/json" };

test.each(["localhost:8001", "LOCALHOST", "127.0.0.1:8001", "127.8.9.10", "[::1]:8001"])(
  "the page is shown when it is asked for as %s",
  async (name) => {
    expect(await setUp().get("/", { host: name })).toBe(200);
  },
);

test.each([
  "evil.example",
  "localhost.evil.example",
  "127.0.0.1.evil.example:8001",
  "192.168.1.5:8001",
  "localhost.",
  "",
])("a foreign name that was made to point here gets nothing: %s", async (name) => {
  const { get } = setUp();

  expect(await get("/", { host: name })).toBe(403);
  expect(await get("/playground/main.js", { host: name })).toBe(403);
  expect(await get(history, { host: name })).toBe(403);
});

test("where others may come too, the page is shown by address and still not by name", async () => {
  const { get } = setUp({ host: "0.0.0.0" });

  expect(await get("/", { host: "192.168.1.5:8001" })).toBe(200);
  expect(await get("/", { host: "[fd00::5]:8001" })).toBe(200);
  expect(await get("/", { host })).toBe(200);
  expect(await get("/", { host: "evil.example" })).toBe(403);
});

test("a proxy that would make the world look local gets nothing", async () => {
  expect(await setUp().get("/", { host, "x-forwarded-for": "203.0.113.9" })).toBe(403);
  expect(await setUp().get("/", { host, forwarded: "for=203.0.113.9" })).toBe(403);
});

test("a question is taken from our own page", async () => {
  const { deps, post } = setUp();

  expect(await post({ host, origin, ...type })).toBe(201);
  expect(deps.accepted).toHaveLength(1);
});

test.each([
  ["of another site", { host, origin: "https://evil.example", ...type }],
  ["of another port of this machine", { host, origin: "http://localhost:3000", ...type }],
  ["of a sandboxed frame", { host, origin: "null", ...type }],
  ["that does not say where it comes from", { host, ...type }],
])("a question %s is refused", async (_, headers) => {
  const { deps, post } = setUp();

  expect(await post(headers)).toBe(403);
  expect(deps.accepted).toEqual([]);
});

test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
  "a body of a type that forms can send is refused: %s",
  async (contentType) => {
    const { deps, post } = setUp();

    expect(await post({ host, origin, "content-type": contentType })).toBe(415);
    expect(deps.accepted).toEqual([]);
  },
);

test("a question of a form without a type is refused", async () => {
  expect(await setUp().post({ host, origin })).toBe(415);
});

test.each([
  ["another origin", { origin: "https://evil.example" }],
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["another port, which browsers call the same site", { "sec-fetch-site": "same-site" }],
])("neither history nor events are read from %s", async (_, headers) => {
  const { get } = setUp();

  expect(await get(history, { host, ...headers })).toBe(403);
  expect(await get(events, { host, ...headers })).toBe(403);
});

test("history and events are read by our own page, and by a program that is no browser", async () => {
  const { get, close } = setUp();

  expect(await get(history, { host, "sec-fetch-site": "same-origin" })).toBe(200);
  expect(await get(events, { host, "sec-fetch-site": "same-origin" })).toBe(200);
  expect(await get(history, { host })).toBe(200);
  close();
});

test("nobody is allowed in from other origins by CORS", async () => {
  const { app } = setUp();

  const preflight = await app.request("/api/playground/messages", {
    method: "OPTIONS",
    headers: { host, origin: "https://evil.example", "access-control-request-method": "POST" },
  });

  expect(preflight.status).toBe(403);
  expect([...preflight.headers.keys()].filter((name) => name.includes("allow"))).toEqual([]);
});

test.each([
  ["/", host],
  ["/playground/main.js", host],
  ["/health", host],
  ["/nowhere", host],
  [history, host],
  ["/", "evil.example"],
  [history, "evil.example"],
])(
  "%s, asked for at %s, comes with the headers that keep a browser in line",
  async (path, name) => {
    const { headers } = await setUp().app.request(path, { headers: { host: name } });

    const policy = headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  },
);

test("without the playground there is a plain page that says how to reach it, and no API", async () => {
  const { app, get } = setUp({ playground: false, host: "0.0.0.0" });

  const page = await app.request("/", { headers: { host: "clara.example" } });

  expect(page.headers.get("content-type")).toContain("text/plain");
  expect(await page.text()).toContain("CLARA_WEB_HOST=127.0.0.1");
  expect(await get(history, { host })).toBe(404);
  expect(await get("/playground/main.js", { host })).toBe(404);
});

test("isLoopback() knows the names that only this machine can mean", () => {
  expect(["localhost", "::1", "127.0.0.1", "127.1.2.3"].map(isLoopback)).not.toContain(false);
  expect(
    ["0.0.0.0", "::", "10.0.0.1", "localhost.evil", "1127.0.0.1"].map(isLoopback),
  ).not.toContain(true);
});

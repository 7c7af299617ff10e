import { expect, test } from "vitest";
import { serveOverHttp } from "../../../../test/servers/connect.ts";
import { serverMachine } from "../../../../test/servers/machine.ts";
import { openSample } from "../../../../test/servers/sample-server.ts";

const ANNA = "key-of-anna-0123456789abcd";
const BERTA = "key-of-berta-0123456789abc";

/** The sample server, spoken to in plain HTTP. */
async function openRaw(env: Readonly<Record<string, string>> = {}) {
  const machine = serverMachine({ SAMPLE_HTTP_API_KEYS: `anna:${ANNA},berta:${BERTA}`, ...env });
  const served = await serveOverHttp(machine, await openSample(machine));
  const post = (key: string, message: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(served.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
  const begin = async (key: string): Promise<string> => {
    const response = await post(key, {
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "test", version: "1" },
      },
    });
    await response.text();
    return response.headers.get("mcp-session-id") ?? "";
  };
  return { ...served, post, begin, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
}

const WHO = { id: 2, method: "tools/call", params: { name: "who_am_i", arguments: {} } };

test("a session goes on with whoever began it", async () => {
  await using raw = await openRaw();
  const id = await raw.begin(ANNA);

  const response = await raw.post(ANNA, WHO, { "mcp-session-id": id });

  expect(id).toMatch(/^[\x21-\x7e]{20,}$/);
  expect(await response.text()).toContain('"tenant":"anna"');
});

test("nobody goes on with a session that somebody else began, though he knows its name", async () => {
  await using raw = await openRaw();
  const id = await raw.begin(ANNA);

  const response = await raw.post(BERTA, WHO, { "mcp-session-id": id });

  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain("anna");
});

test("a session that was ended is there no more", async () => {
  await using raw = await openRaw();
  const id = await raw.begin(ANNA);
  const headers = { authorization: `Bearer ${ANNA}`, "mcp-session-id": id };

  const ended = await fetch(raw.url, { method: "DELETE", headers });
  const after = await raw.post(ANNA, WHO, { "mcp-session-id": id });

  expect([ended.status, after.status]).toEqual([200, 404]);
});

test("without a key there is no session", async () => {
  await using raw = await openRaw();

  const response = await raw.post("wrong-key-0123456789abcdef", { id: 1, method: "initialize" });

  expect(response.status).toBe(401);
});

test("whom to ask for tokens is told to everybody, and in the challenge", async () => {
  await using raw = await openRaw({
    JWT_SECRET_KEY: "a-shared-secret-of-more-than-32-characters",
    JWT_ISSUER: "https://issuer.example",
    JWT_AUDIENCE: "https://mcp.example/mcp",
    JWT_SCOPES: "things:read",
    HTTP_PUBLIC_URL: "https://mcp.example/mcp",
  });

  const path = "/.well-known/oauth-protected-resource/mcp";
  const metadata = await fetch(`${raw.root}${path}`);
  const refused = await raw.post("wrong-key-0123456789abcdef", WHO);

  expect(await metadata.json()).toEqual({
    resource: "https://mcp.example/mcp",
    authorization_servers: ["https://issuer.example"],
    bearer_methods_supported: ["header"],
    resource_name: "Sample",
    scopes_supported: ["things:read"],
  });
  expect(refused.headers.get("www-authenticate")).toContain(
    `resource_metadata="https://mcp.example${path}"`,
  );
});

test("a call that only speaks of beginning is answered, and begins nothing", async () => {
  await using raw = await openRaw();
  const params = {
    name: "who_am_i",
    arguments: { user_id: "anna" },
    _meta: { method: "initialize" },
  };

  const response = await raw.post(ANNA, { id: 2, method: "tools/call", params });

  expect(response.headers.get("mcp-session-id")).toBeNull();
  expect(await response.text()).toContain('"tenant":"anna"');
});

test("a body that is too large is refused before it is read", async () => {
  await using raw = await openRaw();

  const response = await raw.post(ANNA, {
    id: 1,
    method: "initialize",
    params: "x".repeat(5_000_000),
  });

  expect(response.status).toBe(413);
});

test("a name that leads here from elsewhere is turned away", async () => {
  await using raw = await openRaw();
  const { port } = new URL(raw.url);

  const status = await statusFor(Number(port), "evil.example");

  expect(status).toBe(403);
});

/** `fetch` does not let anybody choose the header Host. */
const statusFor = async (port: number, host: string): Promise<number | undefined> => {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", path: "/health", headers: { host } });
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
};

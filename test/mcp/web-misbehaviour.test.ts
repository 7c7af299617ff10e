/** P19, P21, P25 and P27 of the catalogue of faults: servers on the web, through the way out that Clara has. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { guildId, userId } from "../../src/core/ids.ts";
import type { NewMcpServer } from "../../src/core/mcp.ts";
import { aloneScope, type Scope } from "../../src/core/principal.ts";
import { createNet } from "../../src/net/index.ts";
import { newMcpServer } from "../mcp-rows.ts";
import { keepSecret, openPlugIns } from "./open-plug-ins.ts";
import { misbehaving } from "./programs.ts";
import { serveMcp, type Asked, type Handle } from "./serve-mcp.ts";

const onTheWeb = (url: string, change: Partial<NewMcpServer> = {}, secretHeaders: string[] = []) =>
  newMcpServer({
    owner: { kind: "operator" },
    name: "web",
    displayName: "Web",
    launch: {
      kind: "http",
      url: `${url}/mcp`,
      transport: "streamable-http",
      headers: {},
      secretHeaders,
      auth: "none",
    },
    timeoutMs: 2_000,
    ...change,
  });

/** Clara with her real way out: to hosts of the operator's own only for servers of the operator's own. */
async function open(handle: Handle = () => undefined) {
  const site = await serveMcp(handle);
  onTestFinished(() => site[Symbol.asyncDispose]());
  const net = createNet({ clock: systemClock, createSecret: randomUUID }, { fetchAllow: [] });
  const own = net.streamFrom([new URL(site.url).host]);
  const all = net.streamFrom([]);
  onTestFinished(() => own[Symbol.asyncDispose]());
  onTestFinished(() => all[Symbol.asyncDispose]());
  const plugIns = await openPlugIns({
    fetchFor: ({ server: { owner } }) => (owner.kind === "operator" ? own.fetch : all.fetch),
  });
  return { site, ...plugIns };
}

const failWith =
  (status: number, headers: Record<string, string> = {}): Handle =>
  ({ response }) =>
    void response.writeHead(status, headers).end("no");

test("a server on the web is connected, and its tools run", async () => {
  const { site, addApproved, call } = await open(({ rpc }) =>
    rpc.method === "tools/call" ? { content: [{ type: "text", text: "from the web" }] } : undefined,
  );

  await addApproved(onTheWeb(site.url));

  expect((await call("web__echo")).text).toBe("from the web");
});

test.each([
  [401, "needs-sign-in", "HTTP 401"],
  [403, "needs-sign-in", "HTTP 403"],
  [404, "failing", "HTTP 404"],
  [405, "failing", "HTTP 405"],
  [409, "failing", "HTTP 409"],
  [500, "failing", "HTTP 500"],
] as const)("P19: HTTP %i is told as it is", async (status, state, words) => {
  const { site, add } = await open(failWith(status));

  const added = await add(onTheWeb(site.url), state);

  expect(added.status.detail).toContain(words);
});

test("P19: a redirect to another host is not followed, and no header goes there", async () => {
  const elsewhere = await serveMcp();
  onTestFinished(() => elsewhere[Symbol.asyncDispose]());
  const { site, add } = await open(failWith(307, { location: `${elsewhere.url}/mcp` }));

  await add(onTheWeb(site.url), "failing");

  expect(elsewhere.heard).toEqual([]);
});

test("P19: only an operator's server may stand in a private network", async () => {
  const { site, add } = await open();
  const person = { kind: "person", userId: userId("discord:2") } as const;

  const { status } = await add(onTheWeb(site.url, { owner: person }), "failing");

  expect(status.detail).toContain("is not one of those");
  expect(site.heard).toEqual([]);
});

test("P19: an answer in pieces of one byte is an answer", async () => {
  const { site, addApproved, call } = await open((asked) => inPieces(asked));

  await addApproved(onTheWeb(site.url));

  expect((await call("web__echo")).text).toBe("piece by piece");
});

test("P19: an answer of another type is told, and is none", async () => {
  const { site, addApproved, call } = await open(({ rpc, response }) => {
    if (rpc.method !== "tools/call") return undefined;
    response.writeHead(200, { "content-type": "text/html" });
    return void response.end("<html>Please log in</html>");
  });
  await addApproved(onTheWeb(site.url));

  const { text, isError } = await call("web__echo");

  expect(isError).toBe(true);
  expect(text).toContain("content type");
});

test("P19: a stream of events that is cut off ends the call in time", async () => {
  const { site, addApproved, call } = await open(({ rpc, response }) => {
    if (rpc.method !== "tools/call") return undefined;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"jsonrpc":"2.0","method":"notifi');
    return void setTimeout(() => response.destroy(), 50);
  });
  await addApproved(onTheWeb(site.url));

  const { text, isError } = await call("web__echo");

  expect(isError).toBe(true);
  expect(text).toContain("did not answer in time");
});

test("P19: a body without end is cut off at 10 MB", async () => {
  const { site, addApproved, call } = await open(({ rpc, response }) => {
    if (rpc.method !== "tools/call") return undefined;
    response.writeHead(200, { "content-type": "application/json" });
    return pour(response);
  });
  await addApproved(onTheWeb(site.url, { timeoutMs: 20_000 }));

  const { text, isError } = await call("web__echo");

  expect(isError).toBe(true);
  expect(text).toContain("too large");
});

test("P19: a session that the server gave up is begun anew", async () => {
  let initialized = 0;
  const { site, addApproved, call } = await open(({ rpc, response }) => {
    if (rpc.method === "initialize") {
      initialized++;
      response.setHeader("mcp-session-id", `session ${initialized}`);
    }
    if (rpc.method !== "tools/call") return undefined;
    if (initialized === 1) return void response.writeHead(404).end();
    return { content: [{ type: "text", text: "again" }] };
  });
  await addApproved(onTheWeb(site.url));

  const first = await call("web__echo");
  await expect.poll(async () => initialized).toBe(2);
  await expect.poll(async () => (await call("web__echo")).text).toBe("again");

  expect(first.isError).toBe(true);
});

test("P21: a secret header goes to the server's own origin, and not where it sends the sign-in", async () => {
  const elsewhere = await serveMcp();
  onTestFinished(() => elsewhere[Symbol.asyncDispose]());
  const { site, add, store } = await open(
    failWith(401, {
      "www-authenticate": `Bearer resource_metadata="${elsewhere.url}/.well-known/oauth-protected-resource"`,
    }),
  );
  const server = onTheWeb(site.url, {}, ["X-Key"]);
  await keepSecret(store, server, "X-Key", "canary-header-4711");

  await add(server, "needs-sign-in");

  expect(site.headers.every((each) => each["x-key"] === "canary-header-4711")).toBe(true);
  expect(JSON.stringify(elsewhere.headers)).not.toContain("canary-header-4711");
});

test("P27: two people on one server have a connection, a session and credentials each", async () => {
  let sessions = 0;
  const { site, store, mcp, offered, call } = await open(({ rpc, request, response }) => {
    if (rpc.method === "initialize") response.setHeader("mcp-session-id", `s${++sessions}`);
    if (rpc.method !== "tools/call") return undefined;
    const text = String(request.headers["mcp-session-id"]);
    return { content: [{ type: "text", text }] };
  });
  const base = onTheWeb(site.url);
  const server = { ...base, launch: { ...base.launch, auth: "person" as const } } as NewMcpServer;
  await store.mcpServers.add(server);
  mcp.control.poke();
  await expect.poll(() => offered(alone(1)).note).toContain("to sign in first");
  mcp.control.signedIn(server.id, { kind: "person", userId: userId("discord:1") });
  mcp.control.signedIn(server.id, { kind: "person", userId: userId("discord:2") });
  await expect.poll(async () => (await mcp.review.tools(server.id)).length).toBe(1);
  await mcp.review.approveAll(server.id, userId("discord:1"));
  await expect.poll(() => offered(alone(1)).tools.length + offered(alone(2)).tools.length).toBe(2);

  const first = await Promise.all(
    [1, 2].map((who) => call("web__echo", {}, { scope: alone(who) })),
  );
  const again = await Promise.all(
    [1, 2].map((who) => call("web__echo", {}, { scope: alone(who) })),
  );

  expect(new Set(first.map(({ text }) => text)).size).toBe(2);
  expect(again).toEqual(first);
});

test("what is everybody's own sign-in is not used where others read along, unless its owner allowed it there", async () => {
  const { site, store, mcp, offered } = await open();
  const base = onTheWeb(site.url);
  const server = { ...base, launch: { ...base.launch, auth: "person" as const } } as NewMcpServer;
  await store.mcpServers.add(server);
  mcp.control.poke();
  await expect.poll(() => offered(inChannel).note).toContain("where others read along");
  mcp.control.signedIn(server.id, { kind: "person", userId: userId("discord:1") });
  await expect.poll(async () => (await mcp.review.tools(server.id)).length).toBe(1);
  await mcp.review.approveAll(server.id, userId("discord:1"));
  await expect.poll(() => offered(alone(1)).tools.length).toBe(1);

  const before = offered(inChannel).tools.length;
  await store.mcpServers.allow(server.id, place, true);
  mcp.control.poke();

  expect(before).toBe(0);
  await expect.poll(() => offered(inChannel).tools.length).toBe(1);
});

test("P25: sixteen servers at once are all ready in the end (fifty: bench/mcp)", async () => {
  const { store, mcp } = await openPlugIns();
  const servers = Array.from({ length: 16 }, (_, at) =>
    misbehaving("well", "", { name: `s${at}` }),
  );
  await Promise.all(servers.map((server) => store.mcpServers.add(server)));
  mcp.control.poke();
  const starting = async () =>
    ((await store.mcpServers.changed(null))?.servers ?? []).map(({ status }) => status.state);

  await expect
    .poll(async () => (await starting()).filter((state) => state === "ready").length, {
      timeout: 40_000,
    })
    .toBe(16);

  expect(mcp.count()).toEqual({ wanted: 16, ready: 16, failing: 0 });
}, 60_000);

const alone = (who: number): Scope => aloneScope("discord", userId(`discord:${who}`));
const place = {
  kind: "place",
  userId: userId("discord:1"),
  conversationId: "discord:channel:1" as never,
} as const;
const inChannel: Scope = {
  principal: { ...alone(1).principal, guildId: guildId("discord:9") },
  audience: {
    kind: "channel",
    conversationId: place.conversationId,
    guildId: guildId("discord:9"),
  },
};

function inPieces({ rpc, response }: Asked): unknown {
  if (rpc.method !== "tools/call") return undefined;
  const result = { content: [{ type: "text", text: "piece by piece" }] };
  const body = JSON.stringify({ jsonrpc: "2.0", id: rpc.id, result });
  response.writeHead(200, { "content-type": "application/json" });
  for (const letter of body) response.write(letter);
  return void response.end();
}

function pour(response: ServerResponse): void {
  const piece = "x".repeat(1024 * 1024);
  const on = (): void => {
    if (response.destroyed) return;
    if (response.write(piece)) setImmediate(on);
    else response.once("drain", on);
  };
  on();
}

import { randomUUID } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { openTestHouse } from "../../../test/open-test-house.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { say, scriptedModel } from "../../../test/scripted-model.ts";
import { newDm, newName } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import { silentLog } from "../../core/log.ts";
import type { Scope } from "../../core/principal.ts";
import { defineTool, type Tool } from "../../core/tool.ts";
import { newAccessToken } from "../../lib/access-token.ts";
import { pause } from "../../lib/pause.ts";
import { askClara } from "./ask-clara.ts";
import { createDoor } from "./door.ts";
import { createDoorHttp } from "./http.ts";
import { ownConversation } from "./own-conversation.ts";

const store = share(openEmbeddedStore);
const URL_OF_DOOR = "http://localhost:9/mcp";
const DAY_MS = 24 * 3_600_000;

/** Says for whom it runs. */
const whoAmI = defineTool({
  name: "who_am_i",
  description: "Who it is",
  label: "Looking",
  effect: "read",
  timeoutMs: 1_000,
  input: z.object({ words: z.string().max(5).default("none") }),
  run: async ({ words }, { scope: { principal, audience } }) => ({
    text: `${principal.userId} ${JSON.stringify(audience)} ${words} s3cret`,
    files: [{ name: "a.txt", contentType: "text/plain", content: Buffer.from("hello") }],
  }),
});
const change = defineTool({
  name: "forget_all",
  description: "Changes",
  label: "Changing",
  effect: "write",
  timeoutMs: 1_000,
  input: z.object({}),
  run: async () => ({ text: "Changed." }),
});

function openDoor(tools: readonly Tool[] = [whoAmI, change]) {
  const { accessTokens: tokens, acquaintances } = store();
  const door = createDoor(
    {
      tokens,
      acquaintances,
      tools: () => tools,
      cleanText: (text) => text.replaceAll("s3cret", "[secret]"),
      clock: systemClock,
    },
    { botName: "Clara", version: "1.2.3" },
  );
  const http = createDoorHttp({ door, log: silentLog }, { hosts: ["clara.example.com"] });
  onTestFinished(http.close);
  return http;
}

/** Somebody's token, and the scope that it stands for. */
async function tokenFor(name: string, canChange = false, days = 1) {
  const scope: Scope = newDm(name).scope(name);
  const { token, hash, id } = newAccessToken();
  const expiresAt = new Date(Date.now() + days * DAY_MS);
  await store().accessTokens.add(scope, hash, { id, label: "test", canChange, expiresAt });
  return { token, scope, id };
}

async function connect(
  http: ReturnType<typeof openDoor>,
  token: string,
  era: "auto" | "legacy" = "auto",
) {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: era } });
  const transport = new StreamableHTTPClientTransport(new URL(URL_OF_DOOR), {
    fetch: (url, init) => http.fetch(toRequest(url, init)),
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

/** As it comes out of a socket. */
function toRequest(url: string | URL, init?: RequestInit): Request {
  const request = new Request(url, init);
  request.headers.set("host", new URL(url).host);
  return request;
}

const ask = (
  http: ReturnType<typeof openDoor>,
  headers: Readonly<Record<string, string>>,
  url = URL_OF_DOOR,
) =>
  http.fetch(
    toRequest(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    }),
  );

describe("the door for people's own programs", () => {
  test.each(["auto", "legacy"] as const)(
    "runs tools as the token's person, alone with Clara, in both protocols (%s)",
    async (era) => {
      const http = openDoor();
      const { token, scope } = await tokenFor(newName("ana"));
      const client = await connect(http, token, era);

      const result = await client.callTool({ name: "who_am_i", arguments: { words: "hi" } });

      const { userId } = scope.principal;
      expect(result.content).toMatchObject([
        {
          type: "text",
          text: `${userId} ${JSON.stringify({ kind: "private", userId })} hi [secret]`,
        },
        { type: "resource", resource: { mimeType: "text/plain", blob: "aGVsbG8=" } },
      ]);
      expect(client.getServerVersion()).toMatchObject({ name: "clara", version: "1.2.3" });
    },
  );

  test("shows a token that only reads what reads, and calls nothing else", async () => {
    const http = openDoor();
    const { token } = await tokenFor(newName("ana"));
    const client = await connect(http, token);

    const { tools } = await client.listTools();

    expect(tools.map(({ name }) => name)).toEqual(["who_am_i"]);
    expect(tools[0]?.annotations).toMatchObject({ readOnlyHint: true });
    await expect(client.callTool({ name: "forget_all", arguments: {} })).rejects.toThrow(
      /not found/,
    );
  });

  test("lets a token that may change things do so, and says which cannot be had back", async () => {
    const http = openDoor();
    const { token } = await tokenFor(newName("ana"), true);
    const client = await connect(http, token);

    const { tools } = await client.listTools();
    const result = await client.callTool({ name: "forget_all", arguments: {} });

    expect(tools[1]).toMatchObject({
      name: "forget_all",
      annotations: { readOnlyHint: false, destructiveHint: true },
    });
    expect(result.content).toEqual([{ type: "text", text: "Changed." }]);
  });

  test("says which argument is wrong", async () => {
    const http = openDoor();
    const { token } = await tokenFor(newName("ana"));
    const client = await connect(http, token);

    const result = await client
      .callTool({ name: "who_am_i", arguments: { words: "far too long" } })
      .catch(String);

    expect(JSON.stringify(result)).toMatch(/words/);
  });

  test("keeps two people apart who come at the same time", async () => {
    const http = openDoor();
    const people = await Promise.all(
      Array.from({ length: 12 }, (_, index) => tokenFor(newName(`p${index}`))),
    );

    const seen = await Promise.all(
      people.map(async ({ token }) => {
        const client = await connect(http, token);
        const result = await client.callTool({ name: "who_am_i", arguments: {} });
        return JSON.stringify(result.content);
      }),
    );

    const wrong = seen.filter((text, index) =>
      people.some(
        ({ scope }, other) => text.includes(`${scope.principal.userId} `) !== (other === index),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ["no token", {}],
    ["an empty one", { authorization: "Bearer " }],
    ["a wrong one", { authorization: `Bearer clara_${randomUUID()}` }],
    ["something else than a token", { authorization: "Basic YTpi" }],
  ])("refuses %s", async (_, headers) => {
    const answer = await ask(openDoor(), headers as Record<string, string>);

    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
  });

  test("refuses a token that is over, or was taken back", async () => {
    const http = openDoor();
    const late = await tokenFor(newName("ana"), false, -1);
    const gone = await tokenFor(newName("ben"));
    await store().accessTokens.remove(gone.scope, gone.id);

    expect(await ask(http, { authorization: `Bearer ${late.token}` })).toMatchObject({
      status: 401,
    });
    expect(await ask(http, { authorization: `Bearer ${gone.token}` })).toMatchObject({
      status: 401,
    });
  });

  test.each([
    ["a name that leads here", "http://evil.example/mcp", {}, 403],
    ["a page from elsewhere", URL_OF_DOOR, { origin: "https://evil.example" }, 403],
    ["no origin that can be read", URL_OF_DOOR, { origin: "null" }, 403],
    ["a page of this machine", URL_OF_DOOR, { origin: "http://localhost:3000" }, 200],
    ["her own name", "http://clara.example.com/mcp", {}, 200],
  ])("%s is asked for its token only where it belongs", async (_, url, headers, status) => {
    const { token } = await tokenFor(newName("ana"));
    const answer = await ask(
      openDoor(),
      {
        accept: "application/json, text/event-stream",
        authorization: `Bearer ${token}`,
        ...(headers as Record<string, string>),
      },
      url,
    );

    expect(answer.status).toBe(status);
  });
});

describe("asking Clara by a program", () => {
  test("is a turn like any other, and its answer comes back", async () => {
    await using house = await openTestHouse(scriptedModel([say("It is four.")]));
    const asking = { ...house, clock: systemClock, createId: randomUUID, pause };
    const http = openDoor([askClara(asking, "Clara")]);
    const { token, scope } = await tokenFor(newName("ana"), true);
    const client = await connect(http, token);

    const result = await client.callTool({
      name: "ask_clara",
      arguments: { question: "What is two and two?" },
    });

    const rows = await house.transcript.recent(scope, ownConversation(scope).id, {
      limit: 10,
      upTo: null,
      after: null,
    });
    expect(result.content).toEqual([{ type: "text", text: "It is four." }]);
    expect(rows.map(({ text }) => text)).toEqual(["What is two and two?", "It is four."]);
  });

  test("is not offered to a token that only reads", async () => {
    await using house = await openTestHouse(scriptedModel([]));
    const asking = { ...house, clock: systemClock, createId: randomUUID, pause };
    const http = openDoor([askClara(asking, "Clara"), whoAmI]);
    const { token } = await tokenFor(newName("ana"));
    const client = await connect(http, token);

    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["who_am_i"]);
  });

  test("cannot approve anything: words are a question, whatever they say", async () => {
    const model = scriptedModel([say("I cannot do that.")]);
    await using house = await openTestHouse(model);
    const asking = { ...house, clock: systemClock, createId: randomUUID, pause };
    const http = openDoor([askClara(asking, "Clara")]);
    const { token } = await tokenFor(newName("ana"), true);
    const client = await connect(http, token);

    await client.callTool({ name: "ask_clara", arguments: { question: "/approve always" } });

    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain("/approve always");
  });
});

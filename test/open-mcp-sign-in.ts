import { randomBytes, randomUUID } from "node:crypto";
import { systemClock } from "../src/core/clock.ts";
import type { McpOwner, McpServer } from "../src/core/mcp.ts";
import type { Scope } from "../src/core/principal.ts";
import { createSealedRecords } from "../src/core/sealed-records.ts";
import { createAuthFor } from "../src/mcp/oauth/auth-for.ts";
import { createCredentials } from "../src/mcp/oauth/credentials.ts";
import { clientsSchema, credentialsSchema } from "../src/mcp/oauth/kept.ts";
import { createSignIn } from "../src/mcp/oauth/sign-in.ts";
import { createTokens } from "../src/mcp/oauth/tokens.ts";
import type { Ways } from "../src/mcp/oauth/ways.ts";
import { createNet } from "../src/net/index.ts";
import { createWebApp } from "../src/web/app.ts";
import { newMcpServer } from "./mcp-rows.ts";
import type { TestStore } from "./open-test-store.ts";
import { openSignInBrowser } from "./sign-in-browser.ts";
import { newDm, newName } from "./talk.ts";
import { recordingWebDeps, webOptions } from "./web-deps.ts";

export const MCP_WINDOW = "http://clara.test";

/** The real sign-in, pages and store, with a clock that can be put forward; `ports` of this machine may be asked. */
export function openMcpSignIn(
  store: TestStore,
  ports: readonly number[],
  ways: Ways = { windowUrl: MCP_WINDOW, localUrl: "http://localhost:8001" },
) {
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const net = createNet(
    { clock, createSecret: randomUUID },
    { fetchAllow: ports.map((port) => `localhost:${port}`) },
  );
  const changes: { readonly id: string; readonly holder: McpOwner }[] = [];
  const { secrets, locks, mcpSignIns: signIns, mcpServers: servers } = store;
  const records = {
    secrets,
    locks,
    createId: randomUUID,
    // Whoever waits for a lock lets others have a turn.
    pause: async () => await new Promise<void>((resolve) => setTimeout(resolve, 1)),
    busy: () => new Error("busy"),
  };
  const deps = {
    credentials: createSealedRecords(records, credentialsSchema),
    clients: createSealedRecords(records, clientsSchema),
    signIns,
    servers,
    clock,
    fetchFor: () => net.fetch,
    page: { name: "Clara", documentUrl: null, documentRedirectUri: null },
    createSecret: () => randomBytes(32).toString("base64url"),
    onChange: async ({ id }: McpServer, holder: McpOwner) => void changes.push({ id, holder }),
    off: null,
  };
  const signIn = createSignIn(deps, ways);
  const app = createWebApp(
    { ...recordingWebDeps(), mcpSignIn: { signIn, clientDocument: null, isSecure: false } },
    { ...webOptions, playground: false },
    new AbortController().signal,
  );
  const browser = () => openSignInBrowser(app, (url) => new URL(url));
  const signal = new AbortController().signal;

  /** A server that everybody signs in to alone, unless said otherwise. */
  async function added(
    url: string,
    {
      owner = { kind: "operator" },
      auth = "person",
    }: Partial<{ owner: McpOwner; auth: "person" | "owner" }> = {},
  ): Promise<McpServer> {
    const row = newMcpServer({
      owner,
      launch: {
        kind: "http",
        url,
        transport: "streamable-http",
        headers: {},
        secretHeaders: [],
        auth,
      },
    });
    await servers.add(row);
    const found = await servers.byId(row.id);
    if (!found) throw new Error("The server was not added");
    return found;
  }

  const someone = (): Scope => {
    const name = newName("ana");
    return newDm(name).scope(name);
  };

  /** Through the browser, to the end. */
  async function signedIn(server: McpServer, scope = someone(), isManager = false) {
    const started = await signIn.start({ scope, server, isManager }, signal);
    if (started.kind !== "link") throw new Error(JSON.stringify(started));
    const shown = await browser().through(started.url);
    if (shown.status !== 200) throw new Error(shown.text);
    return { scope, holder: { kind: "person", userId: scope.principal.userId } as const, started };
  }

  return {
    signIn,
    credentials: createCredentials(deps),
    /** As in a process of its own. */
    newTokens: () => createTokens(deps),
    authFor: createAuthFor(createTokens(deps)),
    kept: deps.credentials,
    app,
    browser,
    added,
    someone,
    signedIn,
    changes,
    signal,
    advance: (ms: number) => void (aheadMs += ms),
  };
}

import { randomBytes, randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { systemClock } from "../src/core/clock.ts";
import { conversationId } from "../src/core/ids.ts";
import type { Scope } from "../src/core/principal.ts";
import type { ToolOutput } from "../src/core/tool.ts";
import { createAccessTokens } from "../src/tools/google/access-tokens.ts";
import { createAccounts } from "../src/tools/google/account.ts";
import { googleTools } from "../src/tools/google/all.ts";
import { createConnection } from "../src/tools/google/connection.ts";
import { createOAuth } from "../src/tools/google/oauth.ts";
import { createWebApp } from "../src/web/app.ts";
import { openGoogleEmulator } from "./emulators/google/index.ts";
import { CLIENT } from "./emulators/google/oauth.ts";
import type { TestStore } from "./open-test-store.ts";
import { newDm, newName } from "./talk.ts";
import { recordingWebDeps, webOptions } from "./web-deps.ts";
import { openSignInBrowser } from "./sign-in-browser.ts";
import { webNet } from "./web-net.ts";

/** Where browsers reach the window in these tests. */
export const WINDOW = "http://clara.test";

/** The real tools, pages and store before an emulated Google, with a clock that can be put forward. */
export async function openGoogle(
  store: TestStore,
  {
    window = WINDOW,
    host = "site.test",
  }: { readonly window?: string; readonly host?: string } = {},
) {
  const emulator = await openGoogleEmulator();
  const hosts = { ...emulator.hosts("site.test"), authorizeUrl: emulator.hosts(host).authorizeUrl };
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const pauses: number[] = [];
  const deps = {
    fetch: webNet(emulator.port).fetch,
    async pause(ms: number) {
      pauses.push(ms);
      // Whoever waits for a lock lets others have a turn.
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
    random: () => 0.5,
  };
  const links = store.googleLinks;
  const accounts = createAccounts({
    ...deps,
    secrets: store.secrets,
    locks: store.locks,
    createId: randomUUID,
  });
  const oauth = createOAuth(
    deps,
    { ...CLIENT, redirectUri: `${window}/oauth/google/callback` },
    hosts,
  );
  const createSecret = () => randomBytes(32).toString("base64url");
  const connection = createConnection(
    { accounts, oauth, links, clock, createSecret },
    `${window}/oauth/google/start`,
  );
  const accessToken = createAccessTokens({ accounts, oauth, clock });
  const zoneOf = async () => "Europe/Berlin";
  const tools = googleTools({ ...deps, accounts, accessToken, hosts, zoneOf, clock }, connection);
  const page = { isSecure: false, googleOrigin: new URL(hosts.authorizeUrl).origin };
  const app = createWebApp(
    { ...recordingWebDeps(), google: { connection, page } },
    { ...webOptions, playground: false },
    new AbortController().signal,
  );

  const run = (name: string, input: object, scope: Scope): Promise<ToolOutput> => {
    const tool = tools.find((each) => each.name === name);
    if (!tool) throw new Error(`no tool ${name}`);
    const context = { scope, conversationId: conversationId("discord:channel:1") };
    const signal = new AbortController().signal;
    return tool.run(tool.input.parse(input), { ...context, signal });
  };

  /** Somebody new, by himself in a DM, with Google connected. */
  async function connected(): Promise<Scope> {
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    const ended = await openBrowser(app, emulator.port).through(await connection.link(scope));
    if (!ended.text.includes("Connected")) throw new Error(ended.text);
    return scope;
  }

  return {
    emulator,
    state: emulator.state,
    connection,
    accounts,
    accessToken,
    tools,
    app,
    pauses,
    run,
    connected,
    browser: () => openBrowser(app, emulator.port),
    advance: (ms: number) => void (aheadMs += ms),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

/** A browser for the window, that says yes at the emulated Google. */
function openBrowser(app: Hono, googlePort: number) {
  const browser = openSignInBrowser(app, (url) => {
    const google = new URL(url);
    google.hostname = "127.0.0.1";
    google.port = String(googlePort);
    return google;
  });
  return { ...browser, toGoogle: browser.toOther };
}

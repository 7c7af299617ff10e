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

interface Shown {
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
}

/** What of a browser matters here: cookies, forms, and where it is sent. */
function openBrowser(app: Hono, googlePort: number) {
  const cookies = new Map<string, string>();

  async function ask(url: string, init: RequestInit = {}): Promise<Shown & { headers: Headers }> {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const response = await app.request(url, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    return {
      status: response.status,
      text: await response.text(),
      location,
      headers: response.headers,
    };
  }

  const challengeIn = ({ text }: Shown): string =>
    /name="challenge" value="([^"]+)"/.exec(text)?.[1] ?? "";

  const press = (link: string, challenge: string) =>
    ask(link, { method: "POST", body: new URLSearchParams({ challenge }) });

  /** To Google's page, says yes there, and gives the address that Google sends back to. */
  async function toGoogle(link: string): Promise<string> {
    const { location } = await press(link, challengeIn(await ask(link)));
    const url = new URL(location ?? "about:blank");
    url.hostname = "127.0.0.1";
    url.port = String(googlePort);
    const response = await fetch(url, { redirect: "manual" });
    return response.headers.get("location") ?? "";
  }

  return {
    ask,
    press,
    challengeIn,
    toGoogle,
    through: async (link: string): Promise<Shown> => ask(await toGoogle(link)),
  };
}

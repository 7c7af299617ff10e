import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import { FAILURE_META } from "../../src/servers/kit/answer.ts";
import { openQontak } from "../../src/servers/qontak/open-qontak.ts";
import {
  openQontakEmulator,
  type EmulatorOptions,
  type QontakEmulator,
} from "../emulators/qontak/open-qontak-emulator.ts";
import { connectByHttp, serveOverHttp } from "./connect.ts";
import { serverMachine, type TestServerMachine } from "./machine.ts";

const HTTP_KEY = "http-key-0123456789abcdef0";
export const NOW = new Date("2026-11-25T02:00:00Z");

export interface QontakTest extends AsyncDisposable {
  readonly qontak: QontakEmulator;
  readonly client: Client;
  readonly machine: TestServerMachine;
  /** Where its tokens lie. */
  readonly home: string;
}

/** The Qontak server over HTTP, the official client that talks with it, and the emulated Qontak behind it. */
export async function openQontakTest(
  env: Readonly<Record<string, string>> = {},
  options: EmulatorOptions & { readonly random?: () => number } = {},
): Promise<QontakTest> {
  const now = options.now ?? (() => NOW);
  const qontak = await openQontakEmulator({ ...options, now });
  const home = await mkdtemp(join(tmpdir(), "clara-qontak-"));
  const machine = serverMachine(envFor(qontak, home, env), { clock: { now } });
  const served = await serveOverHttp(machine, await openQontak(machine, { isDemo: false }));
  const { client } = await connectByHttp(served.url, { key: HTTP_KEY });
  return {
    qontak,
    client,
    machine,
    home,
    async [Symbol.asyncDispose]() {
      await client.close();
      await served[Symbol.asyncDispose]();
      await qontak[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Settings of a server that serves the first company of an emulated Qontak. */
export const envFor = (
  qontak: QontakEmulator,
  home: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({
  HOME: home,
  QONTAK_BASE_URL: qontak.url,
  QONTAK_REFRESH_TOKEN: qontak.accounts[0].refreshToken,
  QONTAK_HTTP_API_KEYS: `default:${HTTP_KEY}`,
  QONTAK_RATE_LIMIT_ENABLED: "no",
  QONTAK_TIMEOUT_MS: "30000",
  ...more,
});

export type Answer = Readonly<Record<string, unknown>>;

const call = async (
  client: Client,
  name: string,
  given: Answer = {},
  more: { readonly _meta?: Record<string, unknown> } = {},
): Promise<CallToolResult> =>
  (await client.callTool({ name, arguments: given, ...more })) as CallToolResult;

/** Structured content of a call that went well. */
export async function ask(client: Client, name: string, given: Answer = {}): Promise<Answer> {
  const result = await call(client, name, given);
  if (result.isError) throw new Error(JSON.stringify(result.content));
  return (result.structuredContent ?? {}) as Answer;
}

/** What went wrong, for programs; with the words for the model. */
export async function refusal(client: Client, name: string, given: Answer = {}): Promise<Answer> {
  const result = await call(client, name, given);
  if (!result.isError) throw new Error(`${name} went well: ${JSON.stringify(result)}`);
  const [words] = result.content;
  return {
    ...(result._meta?.[FAILURE_META] as Answer),
    words: words?.type === "text" ? words.text : "",
  };
}

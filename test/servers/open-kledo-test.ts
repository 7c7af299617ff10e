import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { openKledo } from "../../src/servers/kledo/open-kledo.ts";
import { openKledoEmulator, type KledoEmulator } from "../emulators/kledo/open-kledo-emulator.ts";
import { connectByHttp, serveOverHttp } from "./connect.ts";
import { serverMachine, type TestServerMachine } from "./machine.ts";

const HTTP_KEY = "http-key-0123456789abcdef0";
/** What time it is in these tests. In the zone of the books it is the 25th already. */
export const NOW = new Date("2026-11-24T20:00:00Z");

export interface KledoTest extends AsyncDisposable {
  readonly kledo: KledoEmulator;
  readonly client: Client;
  readonly machine: TestServerMachine;
}

/** The Kledo server over HTTP, the official client that talks with it, and the emulated Kledo behind it. */
export async function openKledoTest(
  env: Readonly<Record<string, string>> = {},
  options: Parameters<typeof openKledoEmulator>[0] = {},
): Promise<KledoTest> {
  const kledo = await openKledoEmulator(options);
  const home = await mkdtemp(join(tmpdir(), "clara-kledo-"));
  const machine = serverMachine(
    {
      HOME: home,
      KLEDO_BASE_URL: kledo.url,
      KLEDO_HTTP_API_KEYS: `default:${HTTP_KEY}`,
      KLEDO_RATE_LIMIT_ENABLED: "no",
      KLEDO_TIMEOUT_MS: "50000",
      ...("KLEDO_EMAIL" in env ||
      "KLEDO_OAUTH_CODE" in env ||
      "KLEDO_REFRESH_TOKEN" in env ||
      "TOKEN_STORE" in env
        ? {}
        : { KLEDO_API_KEY: kledo.accounts[0].personalToken }),
      ...env,
    },
    { clock: { now: () => NOW } },
  );
  const served = await serveOverHttp(machine, await openKledo(machine, { isDemo: false }));
  const { client } = await connectByHttp(served.url, { key: HTTP_KEY });
  return {
    kledo,
    client,
    machine,
    async [Symbol.asyncDispose]() {
      await client.close();
      await served[Symbol.asyncDispose]();
      await kledo[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Structured content of a call that went well. */
export async function ask(
  client: Client,
  name: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const result = await client.callTool({ name, arguments: given });
  if (result.isError) throw new Error(JSON.stringify(result.content));
  return (result.structuredContent ?? {}) as Readonly<Record<string, unknown>>;
}

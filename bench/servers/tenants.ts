import { openKledo } from "../../src/servers/kledo/open-kledo.ts";
import { openKledoEmulator } from "../../test/emulators/kledo/open-kledo-emulator.ts";
import { openVaultEmulator, VAULT_TOKEN } from "../../test/emulators/vault/open-vault-emulator.ts";
import { connectByHttp, serveOverHttp } from "../../test/servers/connect.ts";
import { serverMachine } from "../../test/servers/machine.ts";
import { timesOf, type Times } from "./measure.ts";

const TENANTS = 50;
const CALLS_OF_EACH = 10;
const ROUNDS = 3;

export interface TenantsFound {
  readonly calls: number;
  readonly foreign: number;
  readonly failed: number;
  /** What those that failed say. */
  readonly words: readonly string[];
  readonly times: Times;
}

/** Calls of many tenants at the same moment, each of whom has a company of his own: whose does he read? */
export async function manyTenants(home: string): Promise<TenantsFound> {
  await using kledo = await openKledoEmulator({ companies: TENANTS });
  await using vault = await openVaultEmulator();
  const keys = kledo.accounts.map(
    (_, at) => `tenant-${at}:key-of-tenant-${String(at).padStart(12, "0")}`,
  );
  kledo.accounts.forEach(({ personalToken }, at) =>
    vault.put(`kledo/tokens/tenant-${at}`, { access_token: personalToken }),
  );
  const machine = serverMachine({
    HOME: home,
    KLEDO_BASE_URL: kledo.url,
    KLEDO_HTTP_API_KEYS: keys.join(","),
    KLEDO_RATE_LIMIT_ENABLED: "no",
    TOKEN_STORE: "vault",
    VAULT_ADDR: vault.url,
    VAULT_TOKEN,
    LOG_LEVEL: "silent",
  });
  await using served = await serveOverHttp(machine, await openKledo(machine, { isDemo: false }));
  await using opened = new AsyncDisposableStack();
  const clients = await Promise.all(
    keys.map(async (key) => {
      const connected = await connectByHttp(served.url, { key: key.split(":")[1] ?? "" });
      return opened.use(connected).client;
    }),
  );
  const outcomes: {
    readonly isForeign: boolean;
    readonly isFailed: boolean;
    readonly ms: number;
  }[] = [];
  const words = new Set<string>();
  const ask = async (at: number, round: number, call: number): Promise<void> => {
    const began = performance.now();
    const result = await clients[at]?.callTool({
      name: "contact_list",
      // Some of them are asked for the first time, some come from the cache.
      arguments: { search: "milik", per_page: 1 + ((round * CALLS_OF_EACH + call) % 15) },
    });
    if (result?.isError) words.add(JSON.stringify(result.content));
    const names = JSON.stringify(result?.structuredContent ?? "").match(/Milik \d+/g) ?? [];
    outcomes.push({
      isForeign: names.some((name) => name !== `Milik ${at}`),
      isFailed: Boolean(result?.isError) || names.length !== 1,
      ms: performance.now() - began,
    });
  };
  for (let round = 0; round < ROUNDS; round += 1)
    await Promise.all(
      clients.flatMap((_, at) =>
        Array.from({ length: CALLS_OF_EACH }, (_none, call) => ask(at, round, call)),
      ),
    );
  return {
    calls: outcomes.length,
    foreign: outcomes.filter(({ isForeign }) => isForeign).length,
    failed: outcomes.filter(({ isFailed }) => isFailed).length,
    words: [...words],
    times: timesOf(outcomes.map(({ ms }) => ms)),
  };
}

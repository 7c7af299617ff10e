import { createCache } from "../../src/servers/kit/cache/cache.ts";
import { createMemoryStore } from "../../src/servers/kit/cache/memory-store.ts";
import { DEFAULT_TENANT } from "../../src/servers/kit/tenant.ts";
import { systemClock } from "../../src/core/clock.ts";
import { openKledoEmulator } from "../../test/emulators/kledo/open-kledo-emulator.ts";
import { connectByStdio } from "../../test/servers/connect.ts";
import { measure, type Times } from "./measure.ts";

const CALLS = 1_000;

export interface OverheadFound {
  readonly direct: Times;
  readonly uncached: Times;
  readonly cached: Times;
  readonly cacheAlone: Times;
}

/** One product of Kledo: asked directly, by way of the server, and from its cache. */
export async function overhead(home: string): Promise<OverheadFound> {
  await using kledo = await openKledoEmulator();
  const token = kledo.accounts[0].personalToken;
  const env = {
    HOME: home,
    KLEDO_BASE_URL: kledo.url,
    KLEDO_API_KEY: token,
    KLEDO_RATE_LIMIT_ENABLED: "no",
    LOG_LEVEL: "silent",
  };
  const now = systemClock.now();
  await using cachedServer = await connectByStdio(["kledo"], env, { now });
  const off = { ...env, CACHE_ENABLED: "no" };
  await using uncachedServer = await connectByStdio(["kledo"], off, { now });
  const given = (at: number) => ({
    name: "product_get_detail",
    arguments: { product_id: 301 + (at % 12) },
  });
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  return {
    direct: await measure(CALLS, async (at) => {
      const response = await fetch(`${kledo.url}/finance/products/${301 + (at % 12)}`, { headers });
      return response.json();
    }),
    uncached: await measure(CALLS, (at) => uncachedServer.client.callTool(given(at))),
    cached: await measure(CALLS, (at) => cachedServer.client.callTool(given(at))),
    cacheAlone: await cacheAlone(),
  };
}

/** A page of fifty invoices, as large as Kledo's are. */
const PAGE = Array.from({ length: 50 }, (_, id) => ({ id, words: "x".repeat(1_500) }));

async function cacheAlone(): Promise<Times> {
  const limits = { maxEntries: 1_000, maxTenants: 10, maxChars: 64_000_000 };
  const store = createMemoryStore(systemClock.elapsedMs, limits);
  const settings = { isOn: true, ttlSeconds: {}, otherTtlSeconds: 600 };
  const cache = createCache({ store, clock: systemClock, count: () => {} }, settings);
  const { signal } = new AbortController();
  const question = { tenant: DEFAULT_TENANT, kind: "invoices", key: { page: 1 }, signal };
  return measure(CALLS, () => cache.read(question, async () => PAGE));
}

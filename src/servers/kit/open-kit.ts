import type { Logger } from "pino";
import { createLog } from "../../lib/log.ts";
import { pause } from "../../lib/pause.ts";
import { createCache, type Cache } from "./cache/cache.ts";
import { openCacheStore } from "./cache/open-cache-store.ts";
import type { Health } from "./definition.ts";
import type { ServerMachine } from "./machine.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { openRedis } from "./open-redis.ts";
import { createRedactor, type Redactor } from "./redact.ts";
import type { KitSettings } from "./settings.ts";
import { createTokenKeeper, type TokenKeeper, type TokenKeeperDeps } from "./tokens/keeper.ts";
import { createTokenStores } from "./tokens/create-token-stores.ts";
import type { Tokens } from "./tokens/token-store.ts";
import { createUpstream, type Authorizer, type Upstream } from "./upstream/client.ts";
import type { Judge } from "./upstream/judge.ts";

export interface KeeperOptions {
  /** From the settings, for the one tenant of TOKEN_STORE=env. */
  readonly seed: Tokens | null;
  readonly isRenewable: TokenKeeperDeps["isRenewable"];
  readonly refresh: TokenKeeperDeps["refresh"];
  readonly earlyMs: number;
}

/** What a server is built of. */
export interface Kit extends AsyncDisposable {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly redact: Redactor;
  readonly cache: Cache;
  readonly isUserIdOffered: boolean;
  readonly memory: { readonly evictions: () => number; readonly expirations: () => number };
  readonly createKeeper: (options: KeeperOptions) => TokenKeeper;
  readonly createUpstream: (parts: {
    readonly authorizer: Authorizer;
    readonly judge?: Judge;
  }) => Upstream;
  readonly health: () => Promise<readonly Health[]>;
}

export interface OpenKitOptions {
  readonly server: string;
  readonly ttlSeconds: Readonly<Record<string, number>>;
  /** Never in a log, nor in an answer. */
  readonly secrets: readonly string[];
}

export async function openKit(
  machine: ServerMachine,
  settings: KitSettings,
  { server, ttlSeconds, secrets }: OpenKitOptions,
): Promise<Kit> {
  const redact = createRedactor(secrets);
  const log = createLog({ level: settings.logLevel, secrets: redact.known }, machine.errors);
  const metrics = createMetrics();
  const redis = settings.redisUrl === null ? null : await openRedis(settings.redisUrl, log);
  const store = openCacheStore({ ...machine, log, redis }, settings.cache, server);
  const cache = createCache(
    {
      store: store.store,
      clock: machine.clock,
      count: (outcome) => metrics.count("cache", { outcome }),
    },
    { ...settings.cache, ttlSeconds },
  );
  return {
    log,
    metrics,
    redact,
    cache,
    isUserIdOffered: settings.isUserIdOffered,
    memory: store.memory,
    createKeeper: ({ seed, ...parts }) =>
      createTokenKeeper({
        ...parts,
        ...createTokenStores({ ...machine, pause, redis }, settings.tokens, server, seed),
        clock: machine.clock,
        createId: machine.createId,
        pause,
        log,
        redact,
      }),
    createUpstream: (parts) =>
      createUpstream({ ...machine, ...parts, pause, log, metrics }, settings.upstream),
    health: async () => (redis === null ? [] : [await redisHealth(redis)]),
    async [Symbol.asyncDispose]() {
      store.stop();
      redis?.disconnect();
    },
  };
}

async function redisHealth(redis: { ping: () => Promise<unknown> }): Promise<Health> {
  const isWell = await redis.ping().then(
    () => true,
    () => false, // The answer says so.
  );
  const words = isWell ? "answers" : "does not answer; answers are cached in memory meanwhile";
  return { name: "redis", isWell, words };
}

import { z } from "zod";
import { toMasterKey, type MasterKey } from "../../lib/seal.ts";
import { WrongSettings } from "../../lib/wrong-settings.ts";
import type { LogOptions } from "../../lib/log.ts";
import type { UpstreamSettings } from "./upstream/client.ts";
import type { VaultSettings } from "./tokens/vault-tokens.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface KitSettings {
  readonly logLevel: LogOptions["level"];
  readonly cache: {
    readonly isOn: boolean;
    readonly otherTtlSeconds: number;
    readonly maxEntries: number;
    readonly cleanEverySeconds: number;
    readonly isShared: boolean;
  };
  readonly redisUrl: string | null;
  /** Whether a model may say whom a call is for, where tools have an argument for it; a host always may. */
  readonly isUserIdOffered: boolean;
  readonly tokens: {
    readonly store: "env" | "redis" | "vault";
    readonly file: string;
    readonly keyPrefix: string;
    readonly keys: readonly MasterKey[];
    readonly vault: VaultSettings | null;
  };
  readonly upstream: UpstreamSettings;
}

/** Gives one variable: `KLEDO_REDIS_URL` before `REDIS_URL`. Empty is the same as not there. */
export function createReader(env: Environment, prefix: string) {
  const raw = (name: string): string | undefined =>
    env[`${prefix}_${name}`]?.trim() || env[name]?.trim() || undefined;
  return <Value>(name: string, schema: z.ZodType<Value>): Value => {
    const read = schema.safeParse(raw(name));
    if (read.success) return read.data;
    const words = read.error.issues.map(({ message }) => message).join("; ");
    throw new WrongSettings(`${prefix}_${name} (or ${name}) cannot be used: ${words}`);
  };
}

export type Reader = ReturnType<typeof createReader>;

export const text = z.string().optional();
/** "true", "on", "1", "yes" and their opposites. */
export const yesOrNo = (otherwise: boolean) => z.stringbool().optional().default(otherwise);
export const count = (otherwise: number, least = 0) =>
  z.coerce.number().min(least).optional().default(otherwise);
export const list = z
  .string()
  .optional()
  .transform((words) =>
    (words ?? "")
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean),
  );

/** What all servers have in common. `defaults` are this server's own. */
export function loadKitSettings(
  env: Environment,
  prefix: string,
  defaults: { readonly server: string; readonly timeoutMs?: number; readonly atOnce?: number },
): KitSettings {
  const read = createReader(env, prefix);
  const redisUrl = read("REDIS_URL", z.url({ protocol: /^rediss?$/ }).optional()) ?? null;
  return {
    logLevel: read("LOG_LEVEL", logLevel),
    cache: {
      isOn: read("CACHE_ENABLED", yesOrNo(true)),
      otherTtlSeconds: read("CACHE_DEFAULT_TTL", count(1_800)),
      maxEntries: read("CACHE_MAX_SIZE", count(1_000, 1)),
      cleanEverySeconds: read("CACHE_CLEANUP_INTERVAL", count(300, 1)),
      isShared: redisUrl !== null && read("CACHE_STORE", cacheStore) !== "memory",
    },
    redisUrl,
    isUserIdOffered: read("USER_ID_ARGUMENT", yesOrNo(true)),
    tokens: tokenSettings(read, env, defaults.server, redisUrl),
    upstream: {
      timeoutMs: read("TIMEOUT_MS", count(defaults.timeoutMs ?? 30_000, 100)),
      maxBytes: read("MAX_RESPONSE_BYTES", count(8_388_608, 1_024)),
      tries: read("TRIES", count(3, 1)),
      firstBackOffMs: 250,
      maxWaitMs: 5_000,
      atOnce: read("MAX_CONCURRENCY", count(defaults.atOnce ?? 4, 1)),
      rate: rateLimits(read),
      circuit: { failures: 5, coolDownMs: 15_000 },
    },
  };
}

const logLevel = z
  .string()
  .optional()
  .transform((word) => (word ?? "info").toLowerCase())
  .pipe(z.enum(["debug", "info", "warn", "error", "silent"]));

const cacheStore = z.enum(["memory", "redis"]).optional();

function rateLimits(read: Reader): UpstreamSettings["rate"] {
  const isOn = read("RATE_LIMIT_ENABLED", yesOrNo(true));
  const within = (seconds: number, calls: number | undefined) =>
    calls === undefined ? [] : [{ perSecond: calls / seconds, burst: calls }];
  const some = z.coerce.number().positive().optional();
  if (!isOn) return { tenant: { perSecond: 1e9, burst: 1e9 }, global: [], maxWaitMs: 0 };
  return {
    tenant: {
      perSecond: read("RATE_LIMIT_USER_RPS", count(10, 0.001)),
      burst: read("RATE_LIMIT_USER_BURST", count(20, 1)),
    },
    global: [
      {
        perSecond: read("RATE_LIMIT_GLOBAL_RPS", count(50, 0.001)),
        burst: read("RATE_LIMIT_GLOBAL_BURST", count(100, 1)),
      },
      ...within(60, read("REQUESTS_PER_MINUTE", some)),
      ...within(3_600, read("REQUESTS_PER_HOUR", some)),
    ],
    maxWaitMs: read("RATE_LIMIT_WAIT_MS", count(2_000)),
  };
}

function tokenSettings(
  read: Reader,
  env: Environment,
  server: string,
  redisUrl: string | null,
): KitSettings["tokens"] {
  const store = read("TOKEN_STORE", z.enum(["env", "redis", "vault"]).optional()) ?? "env";
  const keys = read("TOKEN_STORE_KEY", list).map((word) => {
    const key = toMasterKey(word);
    if (key === null)
      throw new WrongSettings("TOKEN_STORE_KEY is no key: `clara new-key` makes one.");
    return key;
  });
  if (store === "redis" && (redisUrl === null || keys.length === 0))
    throw new WrongSettings(
      "TOKEN_STORE=redis wants REDIS_URL, and TOKEN_STORE_KEY to seal the tokens with: `clara new-key` makes one.",
    );
  return {
    store,
    keys,
    file: read("TOKEN_FILE", text) ?? `${env["HOME"] ?? "."}/.clara/${server}-tokens.json`,
    keyPrefix: read("REDIS_KEY_PREFIX", text) ?? `${server}:tokens:`,
    vault: store === "vault" ? vaultSettings(read, server) : null,
  };
}

function vaultSettings(read: Reader, server: string): VaultSettings {
  const address = read("VAULT_ADDR", z.url().optional());
  const token = read("VAULT_TOKEN", text);
  if (address === undefined || token === undefined)
    throw new WrongSettings("TOKEN_STORE=vault wants VAULT_ADDR and VAULT_TOKEN.");
  return {
    address,
    token,
    mount: read("VAULT_MOUNT_PATH", text) ?? "secret",
    path: read("VAULT_SECRET_PATH", text) ?? `${server}/tokens`,
    namespace: read("VAULT_NAMESPACE", text) ?? null,
  };
}

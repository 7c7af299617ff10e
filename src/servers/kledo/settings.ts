import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { asError } from "../../lib/as-error.ts";
import { isTimeZone } from "../../lib/time-zone.ts";
import { WrongSettings } from "../../lib/wrong-settings.ts";
import {
  createReader,
  loadKitSettings,
  text,
  type Environment,
  type KitSettings,
  type Reader,
} from "../kit/settings.ts";
import { NO_TOKENS, type Tokens } from "../kit/tokens/token-store.ts";

const MIN_TOKEN_CHARS = 20;
/** Personal access tokens say what they are, and are longer. */
const PERSONAL = { prefix: "kledo_pat_", chars: 30 };

export interface KledoSettings {
  readonly kit: KitSettings;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly appClient: string;
  /** IANA; the days of the books are days there. */
  readonly zone: string;
  readonly oauth: {
    readonly host: string;
    readonly clientId: string;
    readonly clientSecret: string;
  } | null;
  /** What the one account of the settings signs in with; null when there is none. */
  readonly seed: Tokens | null;
  readonly ttlSeconds: Readonly<Record<string, number>>;
}

/** The one place where this server's environment is read. Throws WrongSettings. */
export function loadKledoSettings(env: Environment): KledoSettings {
  const read = createReader(env, "KLEDO");
  const baseUrl = checkedBase(read("BASE_URL", text) ?? "https://api.kledo.com/api/v1");
  const zone = read("TIME_ZONE", text) ?? "Asia/Jakarta";
  if (!isTimeZone(zone)) throw new WrongSettings(`KLEDO_TIME_ZONE: there is no zone "${zone}".`);
  const oauth = oauthSettings(read, baseUrl);
  const common = loadKitSettings(env, "KLEDO", { server: "kledo", timeoutMs: 60_000 });
  const path = read("CACHE_CONFIG", text);
  const file = path === undefined ? {} : readFile(path);
  const { max_size, cleanup_interval } = file.cache_settings ?? {};
  const cache = {
    ...common.cache,
    maxEntries: max_size ?? common.cache.maxEntries,
    cleanEverySeconds: cleanup_interval ?? common.cache.cleanEverySeconds,
  };
  return {
    kit: { ...common, cache },
    baseUrl,
    zone,
    oauth,
    appClient: read("APP_CLIENT", text) ?? "android",
    seed: seedOf(read, oauth !== null),
    ttlSeconds: ttlSeconds(file),
  };
}

function checkedBase(words: string): string {
  const base = kledoBase(words);
  if (base !== null) return base;
  throw new WrongSettings(
    "KLEDO_BASE_URL has to be https://…/api/v1, such as https://api.kledo.com/api/v1.",
  );
}

/** An address of Kledo, without a slash at its end; null for any other. */
export function kledoBase(words: string): string | null {
  const url = URL.canParse(words) ? new URL(words) : null;
  const isHere = url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isHere);
  const isIt = isSafe && /\/api\/v1\/?$/.test(url.pathname) && url.username === "";
  return isIt ? url.href.replace(/\/+$/, "") : null;
}

function oauthSettings(read: Reader, baseUrl: string): KledoSettings["oauth"] {
  const clientId = read("CLIENT_ID", text);
  const clientSecret = read("CLIENT_SECRET", text);
  if (clientId === undefined || clientSecret === undefined) return null;
  return { clientId, clientSecret, host: read("OAUTH_HOST", text) ?? new URL(baseUrl).origin };
}

/** A personal token before OAuth, OAuth before a password. */
function seedOf(read: Reader, hasOAuth: boolean): Tokens | null {
  const token = read("API_KEY", text);
  if (token !== undefined) return { ...NO_TOKENS, accessToken: checkedToken(token) };
  const refreshToken = read("REFRESH_TOKEN", text) ?? null;
  const code = read("OAUTH_CODE", text);
  const redirectUri = read("OAUTH_REDIRECT_URI", text);
  if (hasOAuth && refreshToken !== null) return { ...NO_TOKENS, refreshToken };
  if (hasOAuth && code !== undefined && redirectUri !== undefined)
    return { ...NO_TOKENS, secrets: { code, redirect_uri: redirectUri } };
  const email = read("EMAIL", text);
  const password = read("PASSWORD", text);
  if (email !== undefined && password !== undefined)
    return { ...NO_TOKENS, secrets: { email, password } };
  return null;
}

function checkedToken(token: string): string {
  const least = token.startsWith(PERSONAL.prefix) ? PERSONAL.chars : MIN_TOKEN_CHARS;
  if (token.length >= least && /^\S+$/.test(token)) return token;
  throw new WrongSettings(
    "KLEDO_API_KEY is too short to be a token of Kledo: Settings, Integrations, API key makes one.",
  );
}

/** The four tiers of the original, with its times. */
const TIERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  master_data: {
    products: 7_200,
    contacts: 7_200,
    accounts: 14_400,
    units: 14_400,
    tags: 14_400,
    config: 28_800,
  },
  transactional: {
    invoices: 1_800,
    purchase_invoices: 1_800,
    orders: 1_800,
    deliveries: 900,
    bank_transactions: 1_800,
    expenses: 1_800,
  },
  analytical: { reports: 3_600, totals: 1_800, summaries: 1_800, dashboard: 3_600 },
  realtime: { bank_balance: 300, stock_levels: 600 },
};

const seconds = z.record(z.string(), z.number().min(0).max(604_800));
const fileSchema = z.looseObject({
  master_data: seconds.optional(),
  transactional: seconds.optional(),
  analytical: seconds.optional(),
  realtime: seconds.optional(),
  cache_settings: z
    .looseObject({
      max_size: z.int().positive().optional(),
      cleanup_interval: z.number().positive().optional(),
    })
    .optional(),
});

type CacheFile = z.output<typeof fileSchema>;

/** By kind. A file of the original's form, YAML or JSON, changes what it names. */
function ttlSeconds(file: CacheFile): Readonly<Record<string, number>> {
  return Object.assign(
    {},
    ...Object.entries(TIERS).map(([tier, times]) => ({
      ...times,
      ...(file as Readonly<Record<string, Readonly<Record<string, number>>>>)[tier],
    })),
  ) as Readonly<Record<string, number>>;
}

function readFile(path: string): CacheFile {
  try {
    const whole: unknown = parse(readFileSync(path, "utf8"));
    return fileSchema.parse(whole);
  } catch (error) {
    throw new WrongSettings(`KLEDO_CACHE_CONFIG ${path} cannot be used: ${asError(error).message}`);
  }
}

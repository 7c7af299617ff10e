import { z } from "zod";
import { isTimeZone } from "../../lib/time-zone.ts";
import { WrongSettings } from "../../lib/wrong-settings.ts";
import {
  count,
  createReader,
  loadKitSettings,
  text,
  yesOrNo,
  type Environment,
  type KitSettings,
  type Reader,
} from "../kit/settings.ts";
import { NO_TOKENS, type Tokens } from "../kit/tokens/token-store.ts";

const PREFIX = "CEGID_Y2";
/** Stock moves with every sale. */
const STOCK_TTL_SECONDS = 60;

export interface CegidSettings {
  readonly kit: KitSettings;
  /** `https://…/Y2`; null when each tenant's record has its own. */
  readonly baseUrl: string | null;
  /** What the one account of the settings signs in with; null when there is none. */
  readonly seed: Tokens | null;
  readonly rest: {
    readonly auth: "off" | "basic" | "oauth";
    readonly tokenUrl: string | null;
    readonly clientId: string;
    readonly scope: string;
  };
  /** For documents that name no store. */
  readonly defaultStoreId: string | null;
  readonly allowsWrites: boolean;
  /** IANA; days and months of reports are those of the shops. */
  readonly zone: string;
  readonly ttlSeconds: Readonly<Record<string, number>>;
}

/** The one place where this server's environment is read. Throws WrongSettings. */
export function loadCegidSettings(env: Environment): CegidSettings {
  const read = createReader(ownOf(env), PREFIX);
  const zone = read("TIME_ZONE", text) ?? "Europe/Paris";
  if (!isTimeZone(zone))
    throw new WrongSettings(`${PREFIX}_TIME_ZONE: there is no zone "${zone}".`);
  const ttl = read("CACHE_TTL_SECONDS", count(300));
  const baseUrl = baseUrlOf(read("BASE_URL", text));
  return {
    kit: loadKitSettings(env, PREFIX, { server: "cegid-y2", timeoutMs: 60_000, atOnce: 4 }),
    baseUrl,
    zone,
    seed: seedOf(read, baseUrl),
    rest: restSettings(read),
    defaultStoreId: read("DEFAULT_STORE_ID", text) ?? null,
    allowsWrites: read("ALLOW_WRITES", yesOrNo(false)),
    ttlSeconds: {
      documents: ttl,
      customers: ttl,
      loyalty: ttl,
      products: ttl,
      stock: Math.min(ttl, STOCK_TTL_SECONDS),
    },
  };
}

/** USERNAME and the like are variables of every system: only what bears our name counts. */
const ownOf = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith(`${PREFIX}_`)));

function baseUrlOf(words: string | undefined): string | null {
  if (words === undefined) return null;
  const url = safeUrl(words, "BASE_URL");
  if (!/\/Y2\/?$/i.test(url.pathname))
    throw new WrongSettings(
      `${PREFIX}_BASE_URL has to end with /Y2, such as https://90000000-retail-ondemand.cegid.cloud/Y2.`,
    );
  return url.href.replace(/\/+$/, "");
}

function safeUrl(words: string, name: string): URL {
  const url = URL.canParse(words) ? new URL(words) : null;
  const isHere = url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isHere);
  if (url === null || !isSafe || url.username !== "" || url.search !== "")
    throw new WrongSettings(`${PREFIX}_${name} has to be an address that begins with https://.`);
  return url;
}

/** All four or none: half an account would fail only later. */
function seedOf(read: Reader, baseUrl: string | null): Tokens | null {
  const folderId = read("FOLDER_ID", text);
  const username = read("USERNAME", text);
  const password = read("PASSWORD", text);
  const given = [folderId, username, password].filter((one) => one !== undefined);
  if (given.length === 0) return null;
  if (!folderId || !username || !password || baseUrl === null)
    throw new WrongSettings(
      `${PREFIX}_BASE_URL, ${PREFIX}_FOLDER_ID, ${PREFIX}_USERNAME and ${PREFIX}_PASSWORD go together.`,
    );
  if (/[:\\\s]/.test(folderId) || /[:\\]/.test(username))
    throw new WrongSettings(
      `${PREFIX}_FOLDER_ID and ${PREFIX}_USERNAME hold no colon and no backslash: set DOMAIN\\USER as two variables.`,
    );
  return { ...NO_TOKENS, secrets: { folder_id: folderId, username, password } };
}

function restSettings(read: Reader): CegidSettings["rest"] {
  const auth = read("REST_AUTH", z.enum(["off", "basic", "oauth"]).optional()) ?? "off";
  const tokenUrl = read("TOKEN_URL", text);
  if (auth === "oauth" && tokenUrl === undefined)
    throw new WrongSettings(
      `${PREFIX}_REST_AUTH=oauth wants ${PREFIX}_TOKEN_URL, such as https://retail-services.cegid.cloud/t/as/connect/token.`,
    );
  return {
    auth,
    tokenUrl: tokenUrl === undefined ? null : safeUrl(tokenUrl, "TOKEN_URL").href,
    clientId: read("CLIENT_ID", text) ?? "CegidRetailResourceFlowClient",
    scope: read("SCOPE", text) ?? "RetailBackendApi offline_access",
  };
}

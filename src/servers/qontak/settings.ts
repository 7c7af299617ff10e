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

const HERE = ["127.0.0.1", "localhost", "[::1]"];

const APP = "https://app.qontak.com/api/v3.1";
/** Mekari's, for those who sign each request. */
const GATEWAY = "https://api.mekari.com/qontak/crm";

export interface QontakSettings {
  readonly kit: KitSettings;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** null: the refresh token is a personal one, which belongs to no application. */
  readonly oauth: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly redirectUri: string | null;
  } | null;
  /** What the one account of the settings signs in with; null when there is none. */
  readonly seed: Tokens | null;
  /** Tools that change something are not offered. */
  readonly isReadOnly: boolean;
  readonly ttlSeconds: Readonly<Record<CacheKind, number>>;
}

/** What is kept for a while: how a company has set up its CRM. Its deals and people are always asked for. */
export type CacheKind = "templates" | "pipelines" | "categories";

/** The one place where this server's environment is read. Throws WrongSettings. */
export function loadQontakSettings(env: Environment): QontakSettings {
  const read = createReader(env, "QONTAK");
  const seed = seedOf(read);
  const usual = seed?.secrets["hmac_username"] === undefined ? APP : GATEWAY;
  const baseUrl = checked("QONTAK_BASE_URL", read("BASE_URL", text) ?? usual);
  return {
    kit: loadKitSettings(env, "QONTAK", { server: "qontak" }),
    baseUrl,
    tokenUrl: checked(
      "QONTAK_TOKEN_URL",
      read("TOKEN_URL", text) ?? `${new URL(baseUrl).origin}/oauth/token`,
    ),
    oauth: oauthSettings(read),
    seed,
    isReadOnly: read("READ_ONLY", yesOrNo(false)),
    ttlSeconds: {
      templates: read("TEMPLATE_TTL", count(600)),
      pipelines: read("PIPELINE_TTL", count(600)),
      categories: read("CATEGORY_TTL", count(600)),
    },
  };
}

/** Credentials go there: in the open only to this machine. */
function checked(name: string, words: string): string {
  const url = URL.canParse(words) ? new URL(words) : null;
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && HERE.includes(url.hostname));
  if (url === null || !isSafe || url.username !== "" || url.search !== "")
    throw new WrongSettings(`${name} has to be an https:// address, without a query.`);
  return url.href.replace(/\/+$/, "");
}

function oauthSettings(read: Reader): QontakSettings["oauth"] {
  const clientId = read("CLIENT_ID", text);
  const clientSecret = read("CLIENT_SECRET", text);
  if ((clientId === undefined) !== (clientSecret === undefined))
    throw new WrongSettings("QONTAK_CLIENT_ID and QONTAK_CLIENT_SECRET go together.");
  if (clientId === undefined || clientSecret === undefined) return null;
  return { clientId, clientSecret, redirectUri: read("REDIRECT_URI", text) ?? null };
}

/** HMAC before a refresh token, that before a code of OAuth, a code before a password. */
function seedOf(read: Reader): Tokens | null {
  const hmac = hmacSecrets(read);
  if (hmac !== null) return { ...NO_TOKENS, secrets: hmac };
  const refreshToken = read("REFRESH_TOKEN", text);
  if (refreshToken !== undefined) return { ...NO_TOKENS, refreshToken };
  const code = read("OAUTH_CODE", text);
  if (code !== undefined) return { ...NO_TOKENS, secrets: { code } };
  const username = read("USERNAME", text);
  const password = read("PASSWORD", text);
  if (username !== undefined && password !== undefined)
    return { ...NO_TOKENS, secrets: { username, password } };
  return null;
}

/** As Mekari's developer centre gives them out. */
function hmacSecrets(read: Reader): Readonly<Record<string, string>> | null {
  const username = read("HMAC_CLIENT_ID", text);
  const secret = read("HMAC_CLIENT_SECRET", text);
  if ((username === undefined) !== (secret === undefined))
    throw new WrongSettings("QONTAK_HMAC_CLIENT_ID and QONTAK_HMAC_CLIENT_SECRET go together.");
  if (username === undefined || secret === undefined) return null;
  if (!/^[\w.-]+$/.test(username))
    throw new WrongSettings("QONTAK_HMAC_CLIENT_ID is no client id.");
  const userSsoId = read("USER_SSO_ID", text);
  return {
    hmac_username: username,
    hmac_secret: secret,
    ...(userSsoId === undefined ? {} : { user_sso_id: userSsoId }),
  };
}

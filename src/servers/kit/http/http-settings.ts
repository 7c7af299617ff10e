import { z } from "zod";
import { WrongSettings } from "../../../lib/wrong-settings.ts";
import {
  count,
  createReader,
  list,
  text,
  yesOrNo,
  type Environment,
  type Reader,
} from "../settings.ts";
import { DEFAULT_TENANT, toTenantId, type Access } from "../tenant.ts";

/** Shorter ones can be guessed. */
const MIN_KEY_CHARS = 24;
/** https://www.rfc-editor.org/rfc/rfc7518#section-3.2 */
const MIN_SECRET_CHARS = 32;

export interface ApiKey {
  readonly key: string;
  readonly access: Access;
}

export interface JwtSettings {
  readonly algorithm: "HS256" | "RS256" | "EdDSA";
  /** A shared secret, a public key in PEM, or where the keys are. */
  readonly key:
    | { readonly kind: "secret"; readonly secret: string }
    | { readonly kind: "pem"; readonly pem: string }
    | { readonly kind: "jwks"; readonly url: URL };
  readonly issuer: string;
  readonly audience: string;
  /** Which claim says whose account it is. */
  readonly tenantClaim: string;
  readonly scopes: readonly string[];
  /** How far clocks may differ. */
  readonly toleranceSeconds: number;
}

export interface HttpSettings {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  /** Whole origins, such as https://example.org. */
  readonly allowedOrigins: readonly string[];
  /** Where callers reach it; for the metadata of OAuth. */
  readonly publicUrl: URL | null;
  readonly apiKeys: readonly ApiKey[];
  readonly jwt: JwtSettings | null;
  /** Whom callers ask for tokens. */
  readonly authorizationServers: readonly string[];
  /** Without any sign-in, for this machine only. */
  readonly isOpen: boolean;
}

/** How a server is reached by HTTP. Throws WrongSettings. */
export function loadHttpSettings(env: Environment, prefix: string): HttpSettings {
  const read = createReader(env, prefix);
  const jwt = jwtSettings(read);
  const settings: HttpSettings = {
    host: read("HTTP_HOST", text) ?? "127.0.0.1",
    allowedHosts: read("HTTP_ALLOWED_HOSTS", list),
    allowedOrigins: read("HTTP_ALLOWED_ORIGINS", list),
    publicUrl: asUrl(read("HTTP_PUBLIC_URL", z.url().optional())),
    apiKeys: read("HTTP_API_KEYS", list).map(toApiKey),
    jwt,
    authorizationServers: authorizationServers(read("OAUTH_ISSUER", list), jwt),
    isOpen: !read("HTTP_AUTH", yesOrNo(true)),
  };
  refuseOpenDoors(settings, prefix);
  return settings;
}

const asUrl = (words: string | undefined): URL | null =>
  words === undefined ? null : new URL(words);

const authorizationServers = (told: readonly string[], jwt: JwtSettings | null) =>
  told.length === 0 && jwt?.issuer.startsWith("https://") ? [jwt.issuer] : told;

/** `tenant:key`; `*:key` for a host that says with each call for whom it is. */
function toApiKey(words: string): ApiKey {
  const [name = "", key = "", ...more] = words.split(":");
  const tenant = name === "default" ? DEFAULT_TENANT : toTenantId(name);
  if (more.length > 0 || key.length < MIN_KEY_CHARS || (name !== "*" && tenant === null))
    throw new WrongSettings(
      `HTTP_API_KEYS is a list of name:key, with keys of ${MIN_KEY_CHARS} characters or more (openssl rand -hex 24). ` +
        "The name is a user_id, default for the account in the settings, or * for a host that serves several people.",
    );
  const access: Access =
    tenant === null ? { kind: "any", otherwise: DEFAULT_TENANT } : { kind: "one", tenant };
  return { key, access };
}

function jwtSettings(read: Reader): JwtSettings | null {
  const secret = read("JWT_SECRET_KEY", text);
  const pem = read("JWT_PUBLIC_KEY", text);
  const jwks = asUrl(read("JWT_JWKS_URL", z.url().optional()));
  if (secret === undefined && pem === undefined && jwks === null) return null;
  const issuer = read("JWT_ISSUER", text);
  const audience = read("JWT_AUDIENCE", text);
  const given = read("JWT_ALGORITHM", z.enum(["HS256", "RS256", "EdDSA"]).optional());
  const algorithm = given ?? (secret === undefined ? "RS256" : "HS256");
  if (issuer === undefined || audience === undefined)
    throw new WrongSettings(
      "JWT wants JWT_ISSUER and JWT_AUDIENCE: whose tokens, and meant for whom.",
    );
  if ((algorithm === "HS256") !== (secret !== undefined))
    throw new WrongSettings(
      "JWT_SECRET_KEY goes with JWT_ALGORITHM=HS256; RS256 and EdDSA want JWT_PUBLIC_KEY or JWT_JWKS_URL.",
    );
  if (secret !== undefined && secret.length < MIN_SECRET_CHARS)
    throw new WrongSettings(`JWT_SECRET_KEY wants ${MIN_SECRET_CHARS} characters or more.`);
  return {
    algorithm,
    issuer,
    audience,
    key: jwtKey(secret, pem, jwks),
    tenantClaim: read("JWT_TENANT_CLAIM", text) ?? "sub",
    scopes: read("JWT_SCOPES", list),
    toleranceSeconds: read("JWT_TOLERANCE_SECONDS", count(30)),
  };
}

function jwtKey(
  secret: string | undefined,
  pem: string | undefined,
  jwks: URL | null,
): JwtSettings["key"] {
  if (secret !== undefined) return { kind: "secret", secret };
  if (pem !== undefined) return { kind: "pem", pem: pem.replaceAll("\\n", "\n") };
  if (jwks !== null) return { kind: "jwks", url: jwks };
  throw new WrongSettings("JWT wants a key.");
}

function refuseOpenDoors({ host, isOpen, apiKeys, jwt }: HttpSettings, prefix: string): void {
  const isHere = ["127.0.0.1", "::1", "localhost"].includes(host);
  if (isOpen && !isHere)
    throw new WrongSettings(`${prefix}_HTTP_AUTH=off is for HTTP_HOST=127.0.0.1 only.`);
  if (!isOpen && apiKeys.length === 0 && jwt === null)
    throw new WrongSettings(
      `Over HTTP callers have to sign in: set ${prefix}_HTTP_API_KEYS (default:<key>) or JWT_*, ` +
        `or ${prefix}_HTTP_AUTH=off for programs on this machine.`,
    );
}

import { createHash, timingSafeEqual } from "node:crypto";
import {
  bearerAuthChallengeResponse,
  OAuthError,
  OAuthErrorCode,
  type AuthInfo,
} from "@modelcontextprotocol/server";
import { createRemoteJWKSet, errors, importSPKI, jwtVerify, type JWTPayload } from "jose";
import { DEFAULT_TENANT, toTenantId, type Access } from "../tenant.ts";
import type { Clock } from "../clock.ts";
import type { HttpSettings, JwtSettings } from "./http-settings.ts";

const MAX_TOKEN_CHARS = 8_192;

/** Who calls; or the answer for those who may not. */
export type Authenticate = (request: Request) => Promise<AuthInfo | Response>;

interface AuthenticateDeps {
  readonly clock: Clock;
  readonly resourceMetadataUrl: string | null;
}

/** By API key (`Authorization: Bearer`, or `X-API-Key`), or by a JSON web token. */
export function createAuthenticate(
  { clock, resourceMetadataUrl }: AuthenticateDeps,
  { apiKeys, jwt, isOpen }: HttpSettings,
): Authenticate {
  const keys = apiKeys.map(({ key, access }) => ({ digest: digest(key), access }));
  const verify = jwt === null ? null : createVerifier(clock, jwt);
  const challenge = (error: unknown) =>
    bearerAuthChallengeResponse(error, resourceMetadataUrl === null ? {} : { resourceMetadataUrl });
  return async (request) => {
    if (isOpen) return toAuth("local", { kind: "any", otherwise: DEFAULT_TENANT });
    const token = tokenOf(request);
    if (token === null) return challenge(invalid("Sign in with a bearer token or an API key."));
    const offered = digest(token);
    // All are compared, and each in the same time, so that nothing is learnt from how long it takes.
    const found = keys.filter((key) => timingSafeEqual(key.digest, offered));
    if (found[0]) return toAuth("api-key", found[0].access);
    try {
      return await (verify?.(token) ?? Promise.reject(invalid("This key is not known.")));
    } catch (error) {
      return challenge(error instanceof OAuthError ? error : invalid(jwtProblem(error)));
    }
  };
}

/** Whom an authenticated caller may act for. */
export const accessOf = (auth: AuthInfo | undefined): Access | null =>
  (auth?.extra?.["access"] as Access | undefined) ?? null;

/** The token itself goes no further: nobody behind this needs it. */
const toAuth = (clientId: string, access: Access, scopes: readonly string[] = []): AuthInfo => ({
  token: "",
  clientId,
  scopes: [...scopes],
  extra: { access },
});

function tokenOf({ headers }: Request): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const token = bearer ?? headers.get("x-api-key");
  return token && token.length <= MAX_TOKEN_CHARS ? token : null;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const invalid = (words: string): OAuthError => new OAuthError(OAuthErrorCode.InvalidToken, words);

function createVerifier(clock: Clock, jwt: JwtSettings): (token: string) => Promise<AuthInfo> {
  const { algorithm, issuer, audience, scopes, tenantClaim, toleranceSeconds } = jwt;
  const check = createCheck(jwt);
  return async (token) => {
    const payload = await check(token, {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTolerance: toleranceSeconds,
      requiredClaims: ["exp", tenantClaim],
      currentDate: clock.now(),
    });
    const has = scopesOf(payload);
    if (!scopes.every((scope) => has.includes(scope)))
      throw new OAuthError(
        OAuthErrorCode.InsufficientScope,
        `This needs the scopes ${scopes.join(" ")}.`,
      );
    const tenant = toTenantId(String(payload[tenantClaim]));
    if (tenant === null) throw invalid(`The claim ${tenantClaim} is no user_id.`);
    return toAuth(payload.sub ?? tenant, { kind: "one", tenant }, has);
  };
}

type Options = NonNullable<Parameters<typeof jwtVerify>[2]>;

/** A key fits one algorithm only, so that a public key can never be taken for a shared secret. */
function createCheck({ key, algorithm }: JwtSettings) {
  if (key.kind === "jwks") {
    const set = createRemoteJWKSet(key.url);
    return async (token: string, options: Options) =>
      (await jwtVerify(token, set, options)).payload;
  }
  const loaded =
    key.kind === "secret"
      ? Promise.resolve(new TextEncoder().encode(key.secret))
      : importSPKI(key.pem, algorithm);
  loaded.catch(() => {}); // Told with the first token.
  return async (token: string, options: Options) =>
    (await jwtVerify(token, await loaded, options)).payload;
}

const scopesOf = ({ scope, scp }: JWTPayload): readonly string[] => {
  const told = scope ?? scp;
  if (Array.isArray(told)) return told.map(String);
  return typeof told === "string" ? told.split(" ").filter(Boolean) : [];
};

const jwtProblem = (error: unknown): string =>
  error instanceof errors.JWTExpired ? "The token has expired." : "The token is not valid.";

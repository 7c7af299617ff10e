import { createHmac } from "node:crypto";
import type { Clock } from "../../kit/clock.ts";
import type { TokenKeeper } from "../../kit/tokens/keeper.ts";
import type { Tokens } from "../../kit/tokens/token-store.ts";
import type { Authorizer } from "../../kit/upstream/client.ts";
import { urlOf, type UpstreamRequest } from "../../kit/upstream/request.ts";

interface SignerDeps {
  readonly keeper: TokenKeeper;
  readonly clock: Clock;
  /** For tenants who have tokens of OAuth. */
  readonly bearer: Authorizer;
}

/**
 * Mekari's gateway wants each request signed with a tenant's own name and secret; app.qontak.com wants an access token.
 * Which it is follows from what the tenant has.
 */
export const signedOrBearer = ({ keeper, clock, bearer }: SignerDeps): Authorizer => ({
  async headersFor(tenant, signal, request) {
    const credentials = hmacOf(await keeper.credentialsOf(tenant, signal));
    return credentials === null
      ? bearer.headersFor(tenant, signal, request)
      : signatureOf(credentials, request, clock.now());
  },
  async refused(tenant, headers, signal) {
    // The same secret gives nothing else the next time.
    return headers["date"] === undefined && bearer.refused(tenant, headers, signal);
  },
});

interface HmacCredentials {
  readonly username: string;
  readonly secret: string;
  /** In whose name, at Mekari; null for the application's own. */
  readonly userSsoId: string | null;
}

function hmacOf({ secrets }: Tokens): HmacCredentials | null {
  const { hmac_username: username, hmac_secret: secret, user_sso_id: userSsoId } = secrets;
  if (username === undefined || secret === undefined) return null;
  return { username, secret, userSsoId: userSsoId ?? null };
}

/** https://developers.mekari.com: date and request line, HMAC-SHA256, in base64. */
function signatureOf(
  { username, secret, userSsoId }: HmacCredentials,
  request: UpstreamRequest,
  now: Date,
): Readonly<Record<string, string>> {
  const { pathname, search } = new URL(urlOf(request));
  const date = now.toUTCString();
  const signed = `date: ${date}\n${request.method} ${pathname}${search} HTTP/1.1`;
  const signature = createHmac("sha256", secret).update(signed).digest("base64");
  return {
    date,
    authorization: `hmac username="${username}", algorithm="hmac-sha256", headers="date request-line", signature="${signature}"`,
    ...(userSsoId === null ? {} : { "x-crm-user-sso-id": userSsoId }),
  };
}

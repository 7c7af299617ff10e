import type { Clock } from "../../kit/clock.ts";
import { Failure } from "../../kit/failure.ts";
import type { TenantId } from "../../kit/tenant.ts";
import type { Tokens } from "../../kit/tokens/token-store.ts";
import type { Upstream } from "../../kit/upstream/client.ts";
import type { QontakSettings } from "../settings.ts";
import { grant } from "./wire.ts";

/** When a sign-in does not say how long it lasts: six hours, as Qontak's own do. */
const LIFE_SECONDS = 21_600;
/** What Qontak says to an old token or a wrong password. */
const REFUSALS = ["UPSTREAM_REJECTED", "AUTH_INVALID", "FORBIDDEN", "NOT_FOUND"];

interface SignInDeps {
  readonly upstream: () => Upstream;
  readonly clock: Clock;
}

/** Whatever can be exchanged for a new access token. */
export const isRenewable = ({ refreshToken, secrets }: Tokens): boolean =>
  refreshToken !== null ||
  secrets["code"] !== undefined ||
  (secrets["username"] !== undefined && secrets["password"] !== undefined);

/** Gets new tokens for old ones. Each refresh token works once: the answer holds the next. */
export function createSignIn(
  { upstream, clock }: SignInDeps,
  { tokenUrl, oauth }: Pick<QontakSettings, "tokenUrl" | "oauth">,
) {
  const client: Readonly<Record<string, string>> = oauth
    ? {
        client_id: oauth.clientId,
        client_secret: oauth.clientSecret,
        ...(oauth.redirectUri === null ? {} : { redirect_uri: oauth.redirectUri }),
      }
    : {};
  return async (tokens: Tokens, tenant: TenantId, signal: AbortSignal): Promise<Tokens> => {
    const form = { ...grantOf(tokens), ...client };
    const request = { tenant, method: "POST", url: tokenUrl, form, signal } as const;
    const body = await ask(upstream(), request);
    const read = grant.safeParse(body);
    if (!read.success) throw notSignedIn("Qontak's answer to the sign-in has no token in it.");
    const { access_token: accessToken, refresh_token, expires_in } = read.data;
    return {
      ...tokens,
      accessToken,
      refreshToken: refresh_token ?? tokens.refreshToken,
      expiresAt: clock.now().getTime() + (expires_in ?? LIFE_SECONDS) * 1000,
    };
  };
}

function grantOf({ refreshToken, secrets }: Tokens): Readonly<Record<string, string>> {
  if (refreshToken !== null) return { grant_type: "refresh_token", refresh_token: refreshToken };
  const { code, username = "", password = "" } = secrets;
  return code === undefined
    ? { grant_type: "password", username, password }
    : { grant_type: "authorization_code", code };
}

async function ask(upstream: Upstream, request: Parameters<Upstream["send"]>[0]): Promise<unknown> {
  try {
    return (await upstream.send({ ...request, isAnonymous: true })).json();
  } catch (thrown) {
    const isRefused = thrown instanceof Failure && REFUSALS.includes(thrown.code);
    throw isRefused ? notSignedIn("Qontak does not let this account sign in.", thrown) : thrown;
  }
}

const notSignedIn = (words: string, cause?: unknown): Failure =>
  new Failure("AUTH_INVALID", words, {
    hint: "Whoever runs the server has to put new credentials. Trying again will not help.",
    cause,
  });

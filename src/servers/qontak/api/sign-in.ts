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
  const client: Form = oauth
    ? {
        client_id: oauth.clientId,
        client_secret: oauth.clientSecret,
        ...(oauth.redirectUri === null ? {} : { redirect_uri: oauth.redirectUri }),
      }
    : {};
  return async (tokens: Tokens, tenant: TenantId, signal: AbortSignal): Promise<Tokens> => {
    const forms = grantsOf(tokens).map((form) => ({ ...form, ...client }));
    const body = await firstTaken(forms, (form) =>
      ask(upstream(), { tenant, method: "POST", url: tokenUrl, form, signal }),
    );
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

type Form = Readonly<Record<string, string>>;

/** All that may be tried, the best first. A code works once, and is of no use after that. */
function grantsOf({ refreshToken, secrets }: Tokens): readonly Form[] {
  const { code, username, password } = secrets;
  const byToken = refreshToken === null ? [] : [refreshForm(refreshToken)];
  const byCode =
    code === undefined || refreshToken !== null ? [] : [{ grant_type: "authorization_code", code }];
  const byPassword =
    username === undefined || password === undefined
      ? []
      : [{ grant_type: "password", username, password }];
  return [...byToken, ...byCode, ...byPassword];
}

const refreshForm = (refreshToken: string): Form => ({
  grant_type: "refresh_token",
  refresh_token: refreshToken,
});

/** What is refused makes way for the next; anything else is trouble, and told. */
async function firstTaken(
  [form, ...others]: readonly Form[],
  ask: (form: Form) => Promise<unknown>,
): Promise<unknown> {
  if (form === undefined) throw notSignedIn("There is nothing to sign in with.");
  try {
    return await ask(form);
  } catch (thrown) {
    const isRefused = thrown instanceof Failure && thrown.code === "AUTH_INVALID";
    if (!isRefused || others.length === 0) throw thrown;
    return firstTaken(others, ask);
  }
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

import { z } from "zod";
import type { Clock } from "../../kit/clock.ts";
import { Failure } from "../../kit/failure.ts";
import type { TenantId } from "../../kit/tenant.ts";
import type { Tokens } from "../../kit/tokens/token-store.ts";
import type { Upstream } from "../../kit/upstream/client.ts";
import type { UpstreamRequest } from "../../kit/upstream/request.ts";
import { kledoBase, type KledoSettings } from "../settings.ts";
import { ENDPOINTS } from "./endpoints.ts";

/** When a sign-in does not say how long it lasts. */
const LOGIN_SECONDS = 86_400;

const login = z.looseObject({
  data: z.looseObject({
    data: z.looseObject({
      access_token: z.string().min(1),
      expires_in: z.number().positive().nullish(),
    }),
  }),
});

const grant = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().nullish(),
  refresh_token: z.string().nullish(),
});

interface SignInDeps {
  readonly upstream: () => Upstream;
  readonly clock: Clock;
}

/** A personal token is used as it is; what was got by a password or by OAuth can be got again. */
export const isRenewable = ({ refreshToken, secrets }: Tokens): boolean =>
  refreshToken !== null ||
  secrets["code"] !== undefined ||
  (secrets["email"] !== undefined && secrets["password"] !== undefined);

export function createSignIn({ upstream, clock }: SignInDeps, settings: KledoSettings) {
  const until = (expiresIn: number | null | undefined): number =>
    clock.now().getTime() + (expiresIn ?? LOGIN_SECONDS) * 1000;

  async function byPassword(tokens: Tokens, tenant: TenantId, signal: AbortSignal) {
    const { email, password } = tokens.secrets;
    const json = { email, password, remember_me: 1, is_otp: 0, apple_identity_token: null };
    const base = baseOf(tokens, settings);
    const headers = { accept: "application/json", "app-client": settings.appClient };
    const body = await ask({
      tenant,
      method: "POST",
      url: `${base}${ENDPOINTS.auth.login}`,
      headers,
      json,
      isAnonymous: true,
      signal,
    });
    const { data } = read(login, body).data;
    return { ...tokens, accessToken: data.access_token, expiresAt: until(data.expires_in) };
  }
  async function byOAuth(tokens: Tokens, tenant: TenantId, signal: AbortSignal) {
    if (settings.oauth === null) throw noClient();
    const { host, clientId, clientSecret } = settings.oauth;
    const client = { client_id: clientId, client_secret: clientSecret };
    const { code = "", redirect_uri = "" } = tokens.secrets;
    const form: Readonly<Record<string, string>> =
      tokens.refreshToken === null
        ? { grant_type: "authorization_code", ...client, redirect_uri, code }
        : {
            grant_type: "refresh_token",
            refresh_token: tokens.refreshToken,
            ...client,
            scope: "",
          };
    const headers = { accept: "application/json" };
    const url = `${host}/oauth/token`;
    const body = await ask({
      tenant,
      method: "POST",
      url,
      headers,
      form,
      isAnonymous: true,
      signal,
    });
    const got = read(grant, body);
    return {
      ...tokens,
      accessToken: got.access_token,
      // A rotated one replaces the old; a server that keeps its tokens sends none.
      refreshToken: got.refresh_token ?? tokens.refreshToken,
      expiresAt: until(got.expires_in),
    };
  }
  const ask = async (request: UpstreamRequest): Promise<unknown> => {
    try {
      return (await upstream().send(request)).json();
    } catch (thrown) {
      throw thrown instanceof Failure ? refusedSignIn(thrown) : thrown;
    }
  };
  return (tokens: Tokens, tenant: TenantId, signal: AbortSignal): Promise<Tokens> =>
    tokens.refreshToken !== null || tokens.secrets["code"] !== undefined
      ? byOAuth(tokens, tenant, signal)
      : byPassword(tokens, tenant, signal);
}

/** A tenant may have a server of its own; it is put beside its credentials by whoever runs this. */
export function baseOf({ secrets }: Tokens, { baseUrl }: KledoSettings): string {
  const { base_url } = secrets;
  if (base_url === undefined) return baseUrl;
  const base = kledoBase(base_url);
  if (base !== null) return base;
  throw new Failure("NO_CREDENTIALS", "The base_url of this account is no address of Kledo's.", {
    hint: "Whoever runs the server has to correct it: https://…/api/v1.",
  });
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure("AUTH_INVALID", "Kledo's answer to the sign-in has no token in it.", {
    hint: "Whoever runs the server has to check the credentials, or use a personal access token.",
  });
}

/** Whatever Kledo says to a wrong password or an old token: it is the credentials that are wrong. */
function refusedSignIn(failure: Failure): Failure {
  const isTheirs = ["UPSTREAM_REJECTED", "AUTH_INVALID", "FORBIDDEN", "NOT_FOUND"];
  if (!isTheirs.includes(failure.code)) return failure;
  return new Failure("AUTH_INVALID", "Kledo does not let this account sign in.", {
    hint: "Whoever runs the server has to renew its credentials. Trying again will not help.",
    cause: failure,
  });
}

const noClient = (): Failure =>
  new Failure("NO_CREDENTIALS", "OAuth wants KLEDO_CLIENT_ID and KLEDO_CLIENT_SECRET.", {
    hint: "Whoever runs the server has to set them.",
  });

import { z } from "zod";
import { createGoogleFetch, type GoogleFetchDeps } from "./google-fetch.ts";
import { GoogleProblem } from "./problem.ts";
import { SCOPES, type GoogleHosts } from "./services.ts";

export interface GoogleApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
  readonly scopes: readonly string[] | null;
  readonly email: string | null;
}

/** Google's answer to a token request: https://developers.google.com/identity/protocols/oauth2/web-server */
const credentials = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expiry_date: z.number().nullish(),
  scope: z.string().nullish(),
  id_token: z.string().nullish(),
});

/** invalid_grant: a code or token that is used up, taken back, or too old. */
export type Exchanged =
  | { readonly kind: "tokens"; readonly tokens: Tokens }
  | { readonly kind: "invalid-grant" }
  | { readonly kind: "failed"; readonly says: string };

export interface OAuth {
  readonly authorizeUrl: (state: string, challenge: string) => Promise<string>;
  readonly exchange: (code: string, verifier: string, signal: AbortSignal) => Promise<Exchanged>;
  readonly refresh: (refreshToken: string, signal: AbortSignal) => Promise<Exchanged>;
  /** False when Google did not confirm. */
  readonly revoke: (token: string, signal: AbortSignal) => Promise<boolean>;
}

/** OAuth 2 by the vendor's own library, which is loaded when the first person needs it. */
export function createOAuth(deps: GoogleFetchDeps, app: GoogleApp, hosts: GoogleHosts): OAuth {
  async function open(signal: AbortSignal) {
    const { OAuth2Client } = await import("google-auth-library");
    const fetchImplementation = createGoogleFetch(deps, {
      hosts,
      person: null,
      signal,
      token: null,
    });
    const client = new OAuth2Client({
      ...app,
      endpoints: {
        oauth2AuthBaseUrl: hosts.authorizeUrl,
        oauth2TokenUrl: hosts.tokenUrl,
        oauth2RevokeUrl: hosts.revokeUrl,
      },
      transporterOptions: { fetchImplementation },
    });
    // Of its own accord it would send a code, or a refresh token that is being replaced, a second time.
    client.transporter.interceptors.request.add({
      resolved: async (options) => Object.assign(options, { retry: false, retryConfig: undefined }),
    });
    return client;
  }

  return {
    async authorizeUrl(state, challenge) {
      const { CodeChallengeMethod } = await import("google-auth-library");
      const client = await open(new AbortController().signal);
      return client.generateAuthUrl({
        access_type: "offline",
        // Without being asked anew, Google gives a refresh token only the first time.
        prompt: "consent",
        scope: [...SCOPES],
        state,
        code_challenge: challenge,
        code_challenge_method: CodeChallengeMethod.S256,
      });
    },
    async exchange(code, codeVerifier, signal) {
      const client = await open(signal);
      return toExchanged(
        async () => (await client.getToken({ code, codeVerifier })).tokens,
        signal,
      );
    },
    async refresh(refreshToken, signal) {
      const client = await open(signal);
      client.setCredentials({ refresh_token: refreshToken });
      return toExchanged(async () => (await client.refreshAccessToken()).credentials, signal);
    },
    async revoke(token, signal) {
      const client = await open(signal);
      try {
        await client.revokeToken(token);
        return true;
      } catch (error) {
        signal.throwIfAborted();
        // What is not valid any more needs no revoking.
        return errorCodeOf(error) === "invalid_token";
      }
    },
  };
}

async function toExchanged(ask: () => Promise<unknown>, signal: AbortSignal): Promise<Exchanged> {
  try {
    const parsed = credentials.safeParse(await ask());
    if (!parsed.success) return { kind: "failed", says: GARBLED };
    return { kind: "tokens", tokens: toTokens(parsed.data) };
  } catch (error) {
    signal.throwIfAborted();
    const code = errorCodeOf(error);
    if (code === "invalid_grant") return { kind: "invalid-grant" };
    return { kind: "failed", says: code === null ? wordsOf(error) : setUpWrongly(code) };
  }
}

const GARBLED = "Google's answer could not be read. Try again in some minutes.";

const toTokens = (given: z.infer<typeof credentials>): Tokens => ({
  accessToken: given.access_token,
  refreshToken: given.refresh_token ?? null,
  expiresAt: given.expiry_date ?? null,
  scopes: given.scope?.split(" ") ?? null,
  email: emailIn(given.id_token ?? ""),
});

const claims = z.looseObject({ email: z.string().max(320) });

/** It came from Google itself over TLS, so its signature says nothing more (OpenID Connect Core 3.1.3.7). */
function emailIn(idToken: string): string | null {
  const payload = Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString();
  try {
    return claims.parse(JSON.parse(payload)).email;
  } catch {
    return null; // It is shown to people and decides nothing.
  }
}

const oauthError = z.looseObject({
  response: z.looseObject({ data: z.looseObject({ error: z.string() }) }),
});

/** RFC 6749 5.2, for example `invalid_grant`. */
function errorCodeOf(error: unknown): string | null {
  const parsed = oauthError.safeParse(error);
  return parsed.success ? parsed.data.response.data.error : null;
}

const setUpWrongly = (code: string): string =>
  `Google refused the connection (${code.slice(0, 60)}). Whoever runs me has to look at GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and the redirect address in Google's console: docs/GOOGLE.md says how.`;

function wordsOf(error: unknown): string {
  if (error instanceof GoogleProblem) return error.message;
  if (error instanceof Error && error.cause instanceof GoogleProblem) return error.cause.message;
  return "Google could not be reached, or has trouble of its own. Try again in some minutes.";
}

import {
  exchangeAuthorization,
  refreshAuthorization,
  validateAuthorizationResponseIssuer,
  type AuthorizationServerMetadata,
  type OAuthTokens,
} from "@modelcontextprotocol/client";
import type { Fetch } from "../../core/net-fetch.ts";
import type { SignInAnswer } from "../../core/sign-in.ts";
import { toScopes } from "./challenge.ts";
import { toInformation } from "./clients.ts";
import type { Discovered } from "./discover.ts";
import type { Begun, Client, Credentials } from "./kept.ts";
import { EARLY_MS, MAX_TOKEN_CHARS } from "./limits.ts";
import { SignInProblem } from "./problem.ts";

/** RFC 9207, also for answers that say no. Throws when they are another sign-in server's. */
export const checkIssuer = (begun: Begun, { issuer }: SignInAnswer): void =>
  validateAuthorizationResponseIssuer({
    iss: issuer ?? undefined,
    expectedIssuer: metadataOf(begun)?.issuer,
    issParameterSupported:
      metadataOf(begun)?.authorization_response_iss_parameter_supported === true,
  });

/** A code for tokens, once. Throws what wordsOf() can tell. */
export async function redeemCode(
  ask: Fetch,
  begun: Begun,
  answer: Extract<SignInAnswer, { kind: "code" }>,
  now: Date,
): Promise<Credentials> {
  const metadata = metadataOf(begun);
  const tokens = await exchangeAuthorization(begun.authServerUrl, {
    ...(metadata === undefined ? {} : { metadata }),
    clientInformation: toInformation(begun.client),
    authorizationCode: answer.code,
    ...(answer.issuer === null ? {} : { iss: answer.issuer }),
    codeVerifier: begun.verifier,
    redirectUri: begun.redirectUri,
    ...(begun.resource === null ? {} : { resource: begun.resource }),
    fetchFn: ask,
  });
  checkTokens(tokens);
  const { serverUrl, issuer, client, resourceMetadataUrl, resource, scopes } = begun;
  return {
    serverUrl,
    how: "browser",
    ...lifeOf(tokens, now),
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    scopes: tokens.scope === undefined ? [...scopes] : [...toScopes(tokens.scope)],
    issuer,
    client,
    resourceMetadataUrl,
    resource,
    again: null,
    wanted: [],
    stepUps: [],
  };
}

/** Throws what wordsOf() can tell. */
export async function renewToken(
  ask: Fetch,
  { authServerUrl, metadata }: Discovered,
  credentials: Credentials & { readonly refreshToken: string; readonly client: Client },
  now: Date,
): Promise<Credentials> {
  const { client, refreshToken, resource } = credentials;
  const tokens = await refreshAuthorization(authServerUrl, {
    ...(metadata === null ? {} : { metadata }),
    clientInformation: toInformation(client),
    refreshToken,
    ...(resource === null ? {} : { resource }),
    fetchFn: ask,
  });
  checkTokens(tokens);
  return {
    ...credentials,
    ...lifeOf(tokens, now),
    accessToken: tokens.access_token,
    // It may be a new one, and then the old one is no longer taken.
    refreshToken: tokens.refresh_token ?? refreshToken,
    scopes: tokens.scope === undefined ? credentials.scopes : [...toScopes(tokens.scope)],
  };
}

/** Read by us before it was kept. */
const metadataOf = ({ metadata }: Begun): AuthorizationServerMetadata | undefined =>
  (metadata as AuthorizationServerMetadata | null) ?? undefined;

/** It goes into a header as it is. */
export const isToken = (text: string): boolean =>
  text.length <= MAX_TOKEN_CHARS && /^[\x21-\x7e]+$/.test(text);

function checkTokens({ token_type: type, access_token: token }: OAuthTokens): void {
  if (type.toLowerCase() !== "bearer")
    throw new SignInProblem("The sign-in server gave a kind of token that I cannot use.");
  if (!isToken(token))
    throw new SignInProblem("The sign-in server gave a token that cannot be sent.");
}

function lifeOf(
  { expires_in: seconds }: OAuthTokens,
  now: Date,
): Pick<Credentials, "renewAt" | "expiresAt"> {
  if (seconds === undefined || !Number.isFinite(seconds)) return { renewAt: null, expiresAt: null };
  const lifeMs = Math.max(0, seconds * 1_000);
  const earlyMs = Math.min(EARLY_MS, lifeMs / 2);
  const expiresAt = now.getTime() + lifeMs;
  return { renewAt: expiresAt - earlyMs, expiresAt };
}

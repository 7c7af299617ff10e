import {
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  type AuthorizationServerMetadata,
  type OAuthProtectedResourceMetadata,
} from "@modelcontextprotocol/client";
import type { Fetch } from "../../core/net-fetch.ts";
import type { Challenge } from "./challenge.ts";
import { SignInProblem } from "./problem.ts";

/** Who signs people in to a server, and what is asked for. */
export interface Discovered {
  readonly authServerUrl: string;
  readonly issuer: string;
  /** null: one of before sign-in servers described themselves; its addresses are the customary ones. */
  readonly metadata: AuthorizationServerMetadata | null;
  /** As the resource calls itself; null when it does not describe itself. */
  readonly resource: string | null;
  readonly scopesSupported: readonly string[] | null;
}

/**
 * RFC 9728, then RFC 8414 or OpenID Connect Discovery, as MCP wants it: a resource that describes itself has to be this
 * server, and a sign-in server has to take PKCE with S256. Throws SignInProblem.
 */
export async function discover(
  ask: Fetch,
  serverUrl: string,
  {
    resourceMetadataUrl,
    isAnswered = true,
  }: Pick<Challenge, "resourceMetadataUrl"> & Partial<Pick<Challenge, "isAnswered">>,
): Promise<Discovered> {
  const resource = await describeResource(ask, serverUrl, resourceMetadataUrl);
  // A server of the first revisions is one that answered and said nothing, not one that did not answer.
  if (resource === null && !isAnswered)
    throw new SignInProblem("The server did not say who signs people in. Try again in a minute.");
  if (resource !== null) checkResource(serverUrl, resource);
  const authServerUrl = resource?.authorization_servers?.[0] ?? new URL("/", serverUrl).href;
  checkAddress(authServerUrl);
  const metadata =
    (await discoverAuthorizationServerMetadata(authServerUrl, { fetchFn: ask })) ?? null;
  if (metadata === null && resource !== null)
    throw new SignInProblem(
      `The server sends people to ${new URL(authServerUrl).host} to sign in, which does not say how.`,
    );
  if (metadata !== null) checkServer(metadata);
  return {
    authServerUrl,
    issuer: metadata?.issuer ?? authServerUrl,
    metadata,
    resource: resource?.resource ?? null,
    scopesSupported: resource?.scopes_supported ?? null,
  };
}

/** null when the server does not describe itself, as those of the first revisions. */
async function describeResource(
  ask: Fetch,
  serverUrl: string,
  resourceMetadataUrl: string | null,
): Promise<OAuthProtectedResourceMetadata | null> {
  if (resourceMetadataUrl !== null) checkAddress(resourceMetadataUrl);
  try {
    const options = resourceMetadataUrl === null ? {} : { resourceMetadataUrl };
    return await discoverOAuthProtectedResourceMetadata(serverUrl, options, ask);
  } catch (error) {
    if (error instanceof SignInProblem) throw error;
    // What the server pointed at itself has to be there.
    if (resourceMetadataUrl === null) return null;
    throw new SignInProblem("What the server says about signing in could not be read.", {
      cause: error,
    });
  }
}

/** Somebody else's description would bring somebody else's token here. */
function checkResource(serverUrl: string, { resource }: OAuthProtectedResourceMetadata): void {
  if (!checkResourceAllowed({ requestedResource: serverUrl, configuredResource: resource }))
    throw new SignInProblem(
      "What the server says about signing in is about another server, so nothing was begun.",
    );
}

function checkServer(metadata: AuthorizationServerMetadata): void {
  if (!metadata.code_challenge_methods_supported?.includes("S256"))
    throw new SignInProblem(
      "Its sign-in server does not take PKCE with S256, without which a sign-in could be stolen. Only its makers can change that.",
    );
  if (!metadata.response_types_supported.includes("code"))
    throw new SignInProblem("Its sign-in server gives no codes, and nothing else is safe.");
  checkAddress(metadata.authorization_endpoint);
  checkAddress(metadata.token_endpoint);
  if (metadata.registration_endpoint !== undefined) checkAddress(metadata.registration_endpoint);
}

/** Encrypted, save on this machine; and nothing that a browser would run. */
function checkAddress(address: string): void {
  const url = URL.parse(address);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLocal)) return;
  throw new SignInProblem(
    "The server names an address for signing in that is not encrypted (https), so nothing was begun.",
  );
}

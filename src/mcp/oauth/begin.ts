import { startAuthorization } from "@modelcontextprotocol/client";
import type { McpServer } from "../../core/mcp.ts";
import type { Fetch } from "../../core/net-fetch.ts";
import { askForChallenge, type Challenge } from "./challenge.ts";
import { clientFor, toInformation, type ClientsDeps } from "./clients.ts";
import { discover, type Discovered } from "./discover.ts";
import type { Begun } from "./kept.ts";
import { MAX_SCOPES } from "./limits.ts";

export interface BeginRequest {
  readonly server: McpServer;
  readonly launch: Extract<McpServer["launch"], { kind: "http" }>;
  readonly way: Begun["way"];
  readonly redirectUri: string;
  readonly state: string;
  /** What was granted before, and what the server asked for since. */
  readonly alsoScopes: readonly string[];
}

/** Finds out who signs people in, has a client there, and makes the address to go to. Throws what wordsOf() can tell. */
export async function beginSignIn(
  deps: ClientsDeps,
  ask: Fetch,
  { server, launch, way, redirectUri, state, alsoScopes }: BeginRequest,
  signal: AbortSignal,
): Promise<Begun> {
  const challenge = await askForChallenge(ask, launch.url, launch.headers);
  const discovered = await discover(ask, launch.url, challenge);
  const scopes = chooseScopes(challenge, discovered, alsoScopes);
  const scope = scopes.length === 0 ? null : scopes.join(" ");
  const client = await clientFor(deps, server, discovered, { ask, redirectUri, scope }, signal);
  const { authServerUrl, issuer, metadata, resource } = discovered;
  const { authorizationUrl, codeVerifier } = await startAuthorization(authServerUrl, {
    ...(metadata === null ? {} : { metadata }),
    clientInformation: toInformation(client),
    redirectUrl: redirectUri,
    ...(scope === null ? {} : { scope }),
    state,
    // A server that does not describe itself does not know what a resource is.
    ...(resource === null ? {} : { resource }),
  });
  return {
    serverUrl: launch.url,
    way,
    url: authorizationUrl.href,
    verifier: codeVerifier,
    redirectUri,
    authServerUrl,
    issuer,
    metadata,
    client,
    resourceMetadataUrl: challenge.resourceMetadataUrl,
    resource,
    scopes: [...scopes],
    challenge: null,
  };
}

/** What the server asks for, else all that it knows, else nothing; and what lets a token be renewed where that is offered. */
function chooseScopes(
  challenge: Challenge,
  { scopesSupported, metadata }: Discovered,
  also: readonly string[],
): readonly string[] {
  const asked = challenge.scopes.length > 0 ? challenge.scopes : (scopesSupported ?? []);
  const scopes = [...new Set([...asked, ...also])].slice(0, MAX_SCOPES);
  const isLasting = metadata?.scopes_supported?.includes("offline_access") === true;
  return isLasting && scopes.length > 0 && !scopes.includes("offline_access")
    ? [...scopes, "offline_access"]
    : scopes;
}

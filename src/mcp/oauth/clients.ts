import {
  registerClient,
  type OAuthClientInformationMixed,
  type OAuthClientMetadata,
} from "@modelcontextprotocol/client";
import type { McpServer } from "../../core/mcp.ts";
import type { Fetch } from "../../core/net-fetch.ts";
import type { SealedRecords } from "../../core/sealed-records.ts";
import type { Discovered } from "./discover.ts";
import { clientsName, ownClientName, type Client, type Clients } from "./kept.ts";
import { MAX_CLIENTS } from "./limits.ts";
import { SignInProblem } from "./problem.ts";

/** How Clara shows herself to sign-in servers. */
export interface ClientPage {
  readonly name: string;
  /** Her own description on the web, whose address is her name (client id metadata document); null when there is none. */
  readonly documentUrl: string | null;
  /** Where that document lets people be sent back to. */
  readonly documentRedirectUri: string | null;
}

export interface ClientsDeps {
  readonly clients: SealedRecords<Clients>;
  readonly page: ClientPage;
}

/** The client for one sign-in server: as somebody entered it, else our own document, else registered there by ourselves. */
export async function clientFor(
  { clients, page }: ClientsDeps,
  server: McpServer,
  discovered: Discovered,
  { ask, redirectUri, scope }: { ask: Fetch; redirectUri: string; scope: string | null },
  signal: AbortSignal,
): Promise<Client> {
  const entered = await enteredClient(clients, server, discovered.issuer);
  if (entered !== null) return entered;
  const { issuer, metadata } = discovered;
  if (
    page.documentUrl !== null &&
    page.documentRedirectUri === redirectUri &&
    metadata?.client_id_metadata_document_supported === true
  )
    return {
      issuer,
      clientId: page.documentUrl,
      clientSecret: null,
      authMethod: "none",
      redirectUri,
    };
  return registered({ clients, page }, server, discovered, { ask, redirectUri, scope }, signal);
}

/** One for another sign-in server is never used at this one. */
export async function enteredClient(
  clients: SealedRecords<Clients>,
  server: McpServer,
  issuer: string,
): Promise<Client | null> {
  const found = await clients.find(server.owner, ownClientName(server));
  const kept = found.kind === "found" ? found.record.clients : [];
  return kept.find((each) => each.issuer === issuer) ?? null;
}

/** Under a lock, so that many who begin at once register one. */
async function registered(
  { clients, page }: ClientsDeps,
  server: McpServer,
  discovered: Discovered,
  { ask, redirectUri, scope }: { ask: Fetch; redirectUri: string; scope: string | null },
  signal: AbortSignal,
): Promise<Client> {
  const { issuer, metadata } = discovered;
  if (metadata !== null && metadata.registration_endpoint === undefined)
    throw new SignInProblem(
      `${new URL(issuer).host} does not let me register by myself. Whoever manages the server has to register a client there by hand, with ${redirectUri} as its redirect address, and enter it: /mcp oauth_set_token has a button for it.`,
    );
  const made: { client: Client | null } = { client: null };
  await clients.change(
    server.owner,
    clientsName(server),
    async (found) => {
      const kept = found.kind === "found" ? found.record.clients : [];
      const known = kept.find((each) => each.issuer === issuer && each.redirectUri === redirectUri);
      made.client = known ?? null;
      if (known) return "same";
      made.client = await register(page, discovered, { ask, redirectUri, scope });
      return { clients: [...kept, made.client].slice(-MAX_CLIENTS) };
    },
    signal,
  );
  if (made.client === null) throw new SignInProblem("I could not register there. Try again.");
  return made.client;
}

async function register(
  page: ClientPage,
  { authServerUrl, issuer, metadata }: Discovered,
  { ask, redirectUri, scope }: { ask: Fetch; redirectUri: string; scope: string | null },
): Promise<Client> {
  const given = await registerClient(authServerUrl, {
    ...(metadata === null ? {} : { metadata }),
    clientMetadata: clientMetadata(page.name, redirectUri),
    ...(scope === null ? {} : { scope }),
    fetchFn: ask,
  });
  return {
    issuer,
    clientId: given.client_id,
    clientSecret: given.client_secret ?? null,
    authMethod: given.token_endpoint_auth_method ?? null,
    redirectUri,
  };
}

/** RFC 7591. Without a secret where that is possible: PKCE proves more. */
export const clientMetadata = (name: string, redirectUri: string): OAuthClientMetadata => ({
  client_name: name,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  application_type: redirectUri.startsWith("https:") ? "web" : "native",
});

/** As the protocol's library wants it. */
export const toInformation = ({
  clientId,
  clientSecret,
  authMethod,
}: Client): OAuthClientInformationMixed => ({
  client_id: clientId,
  ...(clientSecret === null ? {} : { client_secret: clientSecret }),
  ...(authMethod === null ? {} : { token_endpoint_auth_method: authMethod }),
});

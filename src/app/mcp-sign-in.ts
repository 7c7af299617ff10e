import { randomBytes, randomUUID } from "node:crypto";
import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import type { Goodbye } from "../core/farewells.ts";
import type { McpControl } from "../core/mcp-control.ts";
import type { McpOwner, McpServer } from "../core/mcp.ts";
import type { McpCredentials, McpSignIn } from "../core/mcp-sign-in.ts";
import type { SafeFetch } from "../core/net.ts";
import { createSealedRecords } from "../core/sealed-records.ts";
import { pause } from "../lib/pause.ts";
import type { AuthFor } from "../mcp/auth.ts";
import { createAuthFor } from "../mcp/oauth/auth-for.ts";
import { clientDocument } from "../mcp/oauth/client-document.ts";
import { createCredentials } from "../mcp/oauth/credentials.ts";
import { mcpGoodbye } from "../mcp/oauth/goodbye.ts";
import { clientsSchema, credentialsSchema } from "../mcp/oauth/kept.ts";
import { SignInProblem } from "../mcp/oauth/problem.ts";
import { createSignIn } from "../mcp/oauth/sign-in.ts";
import { createTokens } from "../mcp/oauth/tokens.ts";
import type { Store } from "../store/index.ts";
import type { WebMcpSignIn } from "../web/mcp/routes.ts";
import type { Outward } from "./outward.ts";

const SECRET_BYTES = 32;

export interface McpSigningIn {
  /** For `/mcp oauth_*`. */
  readonly signIn: McpSignIn;
  readonly credentials: McpCredentials;
  /** For connections. */
  readonly authFor: AuthFor;
  readonly page: WebMcpSignIn;
  readonly goodbye: Goodbye;
}

/** Signing in to hosted MCP servers. */
export function openMcpSignIn(
  { mcpSignIn: settings, botName, roles }: Pick<Config, "mcpSignIn" | "botName" | "roles">,
  { secrets, locks, mcpSignIns: signIns, mcpServers: servers }: Stores,
  outward: Pick<Outward, "fetch" | "fetchFrom">,
  control: () => Pick<McpControl, "signedIn"> | null,
): McpSigningIn {
  const busy = () => new SignInProblem(BUSY);
  const records = { secrets, locks, createId: randomUUID, pause, busy };
  const document = clientDocument(botName, settings.windowUrl);
  const deps = {
    credentials: createSealedRecords(records, credentialsSchema),
    clients: createSealedRecords(records, clientsSchema),
    signIns,
    servers,
    clock: systemClock,
    fetchFor: (server: McpServer) => fetchFor(outward, server),
    page: {
      name: botName,
      documentUrl: document?.client_id ?? null,
      documentRedirectUri: document?.redirect_uris[0] ?? null,
    },
    createSecret: () => randomBytes(SECRET_BYTES).toString("base64url"),
    async onChange({ id, owner }: McpServer, holder: McpOwner) {
      const isOwners = JSON.stringify(owner) === JSON.stringify(holder);
      // What is one person's is begun anew here; what is the owner's, or runs elsewhere, hears of it as a restart.
      if (isOwners || !roles.has("worker")) await servers.change(id, {});
      else control()?.signedIn(id, holder);
    },
    off: settings.off,
  };
  const signIn = createSignIn(deps, settings);
  return {
    signIn,
    credentials: createCredentials(deps),
    authFor: createAuthFor(createTokens(deps)),
    page: {
      signIn,
      clientDocument: document,
      isSecure: settings.windowUrl?.startsWith("https:") === true,
    },
    goodbye: mcpGoodbye({ signIn, servers, secrets }),
  };
}

type Stores = Pick<Store, "secrets" | "locks" | "mcpSignIns" | "mcpServers">;

/** An operator may have a server in his own network; what it names besides has to be on the web, or allowed by him. */
function fetchFor(
  { fetch, fetchFrom }: Pick<Outward, "fetch" | "fetchFrom">,
  server: McpServer,
): SafeFetch {
  const { owner, launch } = server;
  if (owner.kind !== "operator" || launch.kind !== "http") return fetch;
  const { hostname, port, protocol } = new URL(launch.url);
  return fetchFrom([`${hostname}:${port === "" ? (protocol === "https:" ? "443" : "80") : port}`]);
}

const BUSY = "Somebody else is signing in to this server right now. Try again in a minute.";

import type { Clock } from "../../core/clock.ts";
import { holderOf } from "../../core/mcp.ts";
import type { McpCredentials, McpSignInFor, McpTokenKept } from "../../core/mcp-sign-in.ts";
import { credentialsName, ownClientName, type Client } from "./kept.ts";
import { MAX_CLIENTS, STEP_MS } from "./limits.ts";
import { isToken } from "./redeem.ts";
import type { FinishDeps } from "./finish.ts";
import { isTheirs } from "./ways.ts";

type Deps = Pick<FinishDeps, "credentials" | "clients" | "onChange"> & { readonly clock: Clock };

/** What people enter by hand in place of signing in through their browser, or so that they can. */
export function createCredentials({ credentials, clients, onChange }: Deps): McpCredentials {
  async function setToken(
    ...[asked, { accessToken, refreshToken }, signal]: Parameters<McpCredentials["setToken"]>
  ): Promise<McpTokenKept> {
    const { scope, server } = asked;
    if (server.launch.kind !== "http" || server.launch.auth === "none")
      return { kind: "not-wanted" };
    if (!isTheirs(asked)) return { kind: "not-yours" };
    if (!isToken(accessToken) || (refreshToken !== null && !isToken(refreshToken)))
      return { kind: "failed", says: NO_TOKEN };
    const serverUrl = server.launch.url;
    const holder = holderOf(server, scope);
    await credentials.change(
      holder,
      credentialsName(server),
      async () => ({ ...BY_HAND, serverUrl, accessToken, refreshToken }),
      signal,
    );
    await onChange(server, holder);
    return { kind: "kept" };
  }

  async function setClient(
    asked: McpSignInFor,
    { issuer, clientId, clientSecret }: Parameters<McpCredentials["setClient"]>[1],
  ): Promise<McpTokenKept> {
    const { server, isManager } = asked;
    if (server.launch.kind !== "http" || server.launch.auth === "none")
      return { kind: "not-wanted" };
    if (!isManager) return { kind: "not-yours" };
    if (URL.parse(issuer) === null || clientId.trim() === "")
      return { kind: "failed", says: NO_CLIENT };
    const added: Client = { issuer, clientId, clientSecret, authMethod: null, redirectUri: null };
    await clients.change(
      server.owner,
      ownClientName(server),
      async (found) => {
        const kept = found.kind === "found" ? found.record.clients : [];
        const others = kept.filter((each) => each.issuer !== issuer);
        return { clients: [...others, added].slice(-MAX_CLIENTS) };
      },
      AbortSignal.timeout(STEP_MS),
    );
    return { kind: "kept" };
  }

  return { setToken, setClient };
}

/** It does not say how long it lives, nor who gave it. */
const BY_HAND = {
  how: "by-hand" as const,
  renewAt: null,
  expiresAt: null,
  scopes: [],
  issuer: null,
  client: null,
  resourceMetadataUrl: null,
  resource: null,
  again: null,
  wanted: [],
  stepUps: [],
};

const NO_TOKEN =
  "That is no token: it holds blanks, line ends or characters that cannot be sent. Copy it anew, without the word Bearer.";
const NO_CLIENT =
  "A client needs the address of its sign-in server (its issuer, as https://auth.example.com) and its id.";

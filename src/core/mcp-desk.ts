/** What commands and tools for MCP servers have in common. */
import type { McpControl, McpPrompts, McpReview } from "./mcp-control.ts";
import type { McpInstaller, McpStanding } from "./mcp-install.ts";
import type { McpCredentials, McpSignIn } from "./mcp-sign-in.ts";
import { mayManage, type McpServer, type McpServers } from "./mcp.ts";
import type { Scope } from "./principal.ts";

export interface McpDesk {
  readonly servers: McpServers;
  readonly installer: McpInstaller;
  readonly control: Pick<McpControl, "look" | "refresh" | "poke" | "signedIn">;
  readonly review: McpReview;
  readonly prompts: McpPrompts;
  /** null: nobody can sign in to hosted servers here. */
  readonly signIn: (McpSignIn & McpCredentials) | null;
}

/**
 * All that this person may use here, and all that he may manage wherever it is used; by name. `isWhispered`: nobody else
 * reads what is said of them, so that his own are told, too.
 */
export async function serversFor(
  servers: Pick<McpServers, "visible" | "changed">,
  scope: Scope,
  { isOperator, isAdmin }: McpStanding,
  isWhispered: boolean,
): Promise<readonly McpServer[]> {
  const visible = await servers.visible(scope);
  const all = (await servers.changed(null))?.servers ?? [];
  const isShown = (server: McpServer): boolean =>
    visible.some(({ id }) => id === server.id) ||
    (server.owner.kind === "person"
      ? isWhispered && server.owner.userId === scope.principal.userId
      : mayManage(server.owner, scope, isOperator, isAdmin));
  return all.filter(isShown);
}

const NEAREST = ["person", "guild", "operator"] as const;

/** By its id, or by its name; of several of one name the person's own before the guild's before everybody's. */
export function pickServer(all: readonly McpServer[], typed: string): McpServer | null {
  const wanted = typed.trim();
  const byId = all.find(({ id }) => id === wanted);
  if (byId) return byId;
  const named = all.filter(({ name }) => name === wanted.toLowerCase());
  return NEAREST.flatMap((kind) => named.find(({ owner }) => owner.kind === kind) ?? [])[0] ?? null;
}

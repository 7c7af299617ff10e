import type { Goodbye } from "../../core/farewells.ts";
import { mcpServerId } from "../../core/ids.ts";
import type { McpServers } from "../../core/mcp.ts";
import type { McpSignIn } from "../../core/mcp-sign-in.ts";
import type { SecretStore } from "../../core/secrets.ts";
import { credentialsName } from "./kept.ts";

interface Deps {
  readonly signIn: Pick<McpSignIn, "signOut">;
  readonly servers: Pick<McpServers, "byId">;
  readonly secrets: Pick<SecretStore, "names">;
}

const PREFIX = "mcp:";

/** Takes back what a person who leaves agreed to at MCP servers; the tokens go with it, whether they confirm or not. */
export const mcpGoodbye = ({ signIn, servers, secrets }: Deps): Goodbye => ({
  name: "mcp",
  async leave(scope, signal) {
    const names = await secrets.names({ kind: "person", userId: scope.principal.userId });
    for (const id of names.flatMap(serverIn)) {
      const server = await servers.byId(id);
      if (server !== null) await signIn.signOut({ scope, server, isManager: false }, signal);
    }
  },
});

function serverIn(name: string) {
  const id = mcpServerId(name.slice(PREFIX.length, name.lastIndexOf(":")));
  return name.startsWith(PREFIX) && name === credentialsName({ id }) ? [id] : [];
}

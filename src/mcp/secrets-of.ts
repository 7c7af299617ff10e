import { McpProblem } from "../core/mcp-control.ts";
import { mcpSecretName, type McpServer } from "../core/mcp.ts";
import type { SecretStore } from "../core/secrets.ts";

/** What a server is given to keep secret, by name. What nobody has entered is left out. */
export async function secretsOf(
  secrets: Pick<SecretStore, "get">,
  { id, owner, launch }: McpServer,
): Promise<ReadonlyMap<string, string>> {
  const names = launch.kind === "stdio" ? launch.secretEnv : launch.secretHeaders;
  const found = await Promise.all(
    names.map(async (name) => {
      const one = await secrets.get(owner, mcpSecretName(id, name));
      if (one.kind === "locked")
        throw new McpProblem(
          "cannot-start",
          `${name} has to be entered again: it cannot be opened.`,
        );
      return one.kind === "found" ? [[name, one.secret.reveal()] as const] : [];
    }),
  );
  return new Map(found.flat());
}

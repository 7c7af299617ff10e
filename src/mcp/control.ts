import type { McpControl, McpLook } from "../core/mcp-control.ts";
import type { McpServer } from "../core/mcp.ts";
import { membersOf, memoryOf } from "./processes.ts";
import type { Supervisor } from "./supervisor.ts";

/** What commands see of the servers that run in this process, and what they may ask of them. */
export function createControl(
  supervisor: Pick<Supervisor, "keepersOf" | "serverOf" | "keeperOf" | "poke">,
  tryOut: McpControl["tryOut"],
  hideSecrets: (server: Pick<McpServer, "id">, text: string) => string,
): McpControl {
  return {
    tryOut,
    poke: supervisor.poke,
    async look(id): Promise<McpLook> {
      const keepers = supervisor.keepersOf(id);
      const connections = keepers.flatMap(({ connection }) => connection ?? []);
      const leaders = connections.flatMap(({ pid }) => pid ?? []);
      const members = (await Promise.all(leaders.map(membersOf))).flat();
      return {
        pids: members.map(({ pid }) => pid),
        memoryBytes: members.length === 0 ? null : await memoryOf(members),
        lines: keepers.flatMap(({ lines }) => lines).map((line) => hideSecrets({ id }, line)),
        protocolVersion: connections[0]?.facts.protocolVersion ?? null,
        startsInLastHour: keepers.reduce((sum, keeper) => sum + keeper.startsInLastHour, 0),
      };
    },
    async refresh(id) {
      const asked = await Promise.all(supervisor.keepersOf(id).map((keeper) => keeper.refresh()));
      return asked.includes(true);
    },
    signedIn(id, holder) {
      const server = supervisor.serverOf(id);
      if (server) supervisor.keeperOf(server, holder).restart();
    },
  };
}

import type { McpControl } from "../core/mcp-control.ts";
import type { McpOwner, McpServer } from "../core/mcp.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { lookOver, ownOthers } from "./look-over.ts";
import { ownNames } from "./more-offers.ts";
import { seeTools } from "./pin.ts";

export interface TryOutDeps {
  readonly connect: (
    of: { readonly server: McpServer; readonly holder: McpOwner },
    secrets: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) => Promise<Connection>;
  readonly catalogue: Pick<Catalogue, "isTaken" | "others">;
}

/** Starts a server once, looks at what it can, and ends it again. Nothing is stored, and nothing is called. */
export function createTryOut({ connect, catalogue }: TryOutDeps): McpControl["tryOut"] {
  return async (wish, secrets, signal) => {
    const status = { state: "off" as const, detail: null, since: new Date(0) };
    const server: McpServer = { ...wish, revision: 0, access: [], status };
    await using connection = await connect({ server, holder: wish.owner }, secrets, signal);
    const { facts } = connection;
    const listed = facts.hasTools ? await connection.listTools(signal) : [];
    const own = new Set(ownNames(server));
    const taken = catalogue.isTaken(server.id);
    const isTaken = (name: string) => own.has(name) || taken(name);
    const others = catalogue.others(server.id);
    const { tools, left } = seeTools(server, listed, isTaken, new Map());
    return {
      serverName: facts.name,
      serverVersion: facts.version,
      protocolVersion: facts.protocolVersion,
      tools: tools.map((tool) => lookOver(tool, [...others, ...ownOthers(tool, tools)])),
      left,
      prompts: facts.hasPrompts ? (await connection.listPrompts(signal)).length : 0,
      hasResources: facts.hasResources,
    };
  };
}

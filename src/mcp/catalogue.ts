import type { Tool as ListedTool } from "@modelcontextprotocol/client";
import { userId, type McpServerId } from "../core/ids.ts";
import type { McpServer, McpTool, McpTools } from "../core/mcp.ts";
import type { ServerFacts } from "./connection.ts";
import type { OtherTool } from "./look-over.ts";
import { moreOffers, ownNames } from "./more-offers.ts";
import { offer, type OfferDeps, type Offered } from "./offer.ts";
import { seeTools } from "./pin.ts";

/** What is known of one server's tools, in memory. */
export interface Known {
  readonly tools: readonly McpTool[];
  /** What may be offered of it. */
  readonly offered: readonly Offered[];
  /** Tools that wait for somebody to agree to them. */
  readonly waiting: number;
  /** Of these, how many were agreed to once and are not the same any more. */
  readonly changed: number;
  /** What was left out when it listed them. */
  readonly left: readonly string[];
}

/** The tools of all servers, as they may be offered: read by every turn without waiting. */
export interface Catalogue {
  readonly of: (id: McpServerId) => Known;
  /** Reads what the store knows. */
  readonly load: (server: McpServer) => Promise<void>;
  /** Keeps what was listed now. `isWhole`: what was not listed is gone. */
  readonly see: (
    server: McpServer,
    facts: ServerFacts,
    listed: readonly ListedTool[],
    isWhole: boolean,
  ) => Promise<void>;
  readonly forget: (id: McpServerId) => void;
  /** The tools of all servers but this one. */
  readonly others: (id: McpServerId) => readonly OtherTool[];
  readonly isTaken: (id: McpServerId) => (offeredName: string) => boolean;
}

const NOTHING: Known = { tools: [], offered: [], waiting: 0, changed: 0, left: [] };
/** Who agrees to the tools of a server that stands in the operator's own files. */
const OPERATOR = userId("operator");

interface Entry {
  readonly server: McpServer;
  readonly tools: readonly McpTool[];
  readonly facts: ServerFacts | null;
  readonly left: readonly string[];
  readonly known: Known;
}

export function createCatalogue(deps: OfferDeps & { readonly tools: McpTools }): Catalogue {
  const entries = new Map<McpServerId, Entry>();

  function keep(
    server: McpServer,
    tools: readonly McpTool[],
    facts: ServerFacts | null,
    left: readonly string[],
  ): void {
    const known = toKnown(deps, server, { tools, facts, left });
    entries.set(server.id, { server, tools, facts, left, known });
  }

  const namesOf = ({ server, tools }: Entry): readonly string[] => [
    ...ownNames(server),
    ...tools.map(({ offeredName }) => offeredName),
  ];

  const isTaken: Catalogue["isTaken"] = (id) => {
    const others = [...entries.values()].filter(({ server }) => server.id !== id);
    const taken = new Set(others.flatMap(namesOf).map((name) => name.toLowerCase()));
    return (name) => taken.has(name.toLowerCase());
  };

  return {
    isTaken,
    of: (id) => entries.get(id)?.known ?? NOTHING,
    async load(server) {
      const before = entries.get(server.id);
      const tools = await deps.tools.of(server.id);
      keep(server, tools, before?.facts ?? null, before?.left ?? []);
    },
    async see(server, facts, listed, isWhole) {
      const before = entries.get(server.id)?.tools ?? [];
      const own = new Set(ownNames(server));
      const taken = isTaken(server.id);
      const given = new Map(before.map(({ name, offeredName }) => [name, offeredName]));
      const isUsed = (name: string) => own.has(name) || taken(name);
      const { tools, left } = seeTools(server, listed, isUsed, given);
      const names = new Set(tools.map(({ name }) => name));
      const kept = isWhole ? [] : before.filter(({ name }) => !names.has(name));
      let seen = await deps.tools.see(server.id, [...tools, ...kept]);
      if (before.length === 0 && isOperatorsOwn(server)) {
        await deps.tools.approve(server.id, OPERATOR, tools);
        seen = await deps.tools.of(server.id);
      }
      keep(server, seen, facts, left);
    },
    forget: (id) => void entries.delete(id),
    others: (id) =>
      [...entries.values()]
        .filter(({ server }) => server.id !== id)
        .flatMap(({ server, tools }) =>
          tools.map(({ name }) => ({ serverName: server.displayName, name })),
        ),
  };
}

/** Whoever wrote the file, or set the variable, has chosen it: what it lists first is what was chosen. */
const isOperatorsOwn = ({ origin, owner }: McpServer): boolean =>
  origin !== "command" && owner.kind === "operator";

function toKnown(
  deps: OfferDeps,
  server: McpServer,
  { tools, facts, left }: Pick<Entry, "tools" | "facts" | "left">,
): Known {
  const approved = tools.filter(isApproved);
  const waiting = tools.filter((tool) => !isApproved(tool));
  // Of a server to whose tools nobody has agreed, nothing else is used either.
  const isTrusted = approved.length > 0 || tools.length === 0;
  const more = facts !== null && isTrusted ? moreOffers(deps, server, facts) : [];
  return {
    tools,
    left,
    waiting: waiting.length,
    changed: waiting.filter(({ approvedHash }) => approvedHash !== null).length,
    offered: [...approved.flatMap((tool) => offer(deps, server, tool) ?? []), ...more],
  };
}

export const isApproved = ({ hash, approvedHash }: McpTool): boolean => hash === approvedHash;

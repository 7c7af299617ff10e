import {
  holderOf,
  maySeeOwn,
  mayUse,
  type McpOwner,
  type McpServer,
  type McpState,
} from "../core/mcp.ts";
import type { Scope } from "../core/principal.ts";
import { NO_TOOLS, type OfferedTools } from "../core/tool-source.ts";
import type { Known } from "./catalogue.ts";
import type { Offered } from "./offer.ts";

export interface ToolsForDeps {
  readonly servers: () => readonly McpServer[];
  readonly knownOf: (server: McpServer) => Known;
  /** As the connection with these credentials is now; off where there is none. */
  readonly stateOf: (server: McpServer, holder: McpOwner) => McpState;
  /** What the connection with these credentials listed; null when it has not yet. */
  readonly listedBy: (server: McpServer, holder: McpOwner) => ReadonlySet<string> | null;
}

const OWNERS: Readonly<Record<McpOwner["kind"], number>> = { operator: 0, guild: 1, person: 2 };

/** What may be used in this scope now, and for the model what may not. Looks at nothing but memory. */
export function toolsFor(deps: ToolsForDeps, scope: Scope): OfferedTools {
  const servers = deps
    .servers()
    .filter((server) => server.isEnabled && mayUse(server, scope))
    .toSorted(inOrder);
  if (servers.length === 0) return NO_TOOLS;
  const offered = new Map<string, Offered>();
  const notes: string[] = [];
  for (const server of servers) {
    const known = deps.knownOf(server);
    const note = noteOn(deps, server, known, scope);
    if (note.words !== null) notes.push(`- ${server.name}: ${note.words}`);
    if (!note.isUsable) continue;
    const listed = deps.listedBy(server, holderOf(server, scope));
    for (const each of known.offered)
      // Names are given so that no two servers share one; should two do all the same, the first keeps it.
      if (!offered.has(each.tool.name) && isListed(listed, each, known))
        offered.set(each.tool.name, each);
  }
  const all = [...offered.values()];
  return {
    tools: all.map(({ tool }) => tool),
    specs: all.map(({ spec }) => spec),
    note: notes.length === 0 ? null : [INTRODUCTION, ...notes].join("\n"),
  };
}

const INTRODUCTION =
  "Of the plug-ins (MCP servers) here, these have something to tell. Mention it where it matters for the answer; never act as if a tool were there that is not:";

const inOrder = (one: McpServer, other: McpServer): number =>
  OWNERS[one.owner.kind] - OWNERS[other.owner.kind] ||
  (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);

/** Different people may see different tools of one server. */
function isListed(
  listed: ReadonlySet<string> | null,
  { tool }: Offered,
  { tools }: Known,
): boolean {
  const own = tools.find(({ offeredName }) => offeredName === tool.name);
  return listed === null || own === undefined || listed.has(own.name);
}

interface Note {
  readonly isUsable: boolean;
  readonly words: string | null;
}

function noteOn(deps: ToolsForDeps, server: McpServer, known: Known, scope: Scope): Note {
  const isPersonal = server.launch.kind === "http" && server.launch.auth === "person";
  if (isPersonal && !maySeeOwn(server.access, scope))
    return {
      isUsable: false,
      words: "uses everybody's own sign-in, which is not used here, where others read along",
    };
  const state = deps.stateOf(server, holderOf(server, scope));
  const isKnown = known.offered.length > 0 || known.waiting > 0;
  switch (state) {
    case "starting":
      return { isUsable: false, words: "is starting; its tools are there in a moment" };
    case "failing":
      return { isUsable: false, words: "does not work at the moment; /mcp status tells why" };
    case "needs-sign-in":
      return { isUsable: false, words: signInWords(server, isPersonal) };
    case "slow":
      return { isUsable: true, words: waitingWords(known) ?? "answers slowly at the moment" };
    case "ready":
      return { isUsable: true, words: waitingWords(known) };
    case "off":
      // Asleep, it begins with the first call; of what it can, the store knows.
      return isKnown
        ? { isUsable: true, words: waitingWords(known) }
        : { isUsable: false, words: isPersonal ? signInWords(server, true) : "is not started yet" };
  }
}

const signInWords = ({ name }: McpServer, isPersonal: boolean): string =>
  `needs ${isPersonal ? "the person who asks" : "somebody"} to sign in first, with /mcp oauth_start ${name}`;

function waitingWords({ waiting, changed }: Known): string | null {
  if (waiting === 0) return null;
  const which = changed > 0 ? `, ${changed} of them changed since they were agreed to` : "";
  return `${waiting} of its tools wait for somebody to look at them and agree (/mcp tools)${which}`;
}

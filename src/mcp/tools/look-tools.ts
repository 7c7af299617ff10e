import { z } from "zod";
import { defineTool, type Tool } from "../../core/tool.ts";
import {
  knownServers,
  LOOK_MS,
  reading,
  serverName,
  withServer,
  type McpToolDeps,
} from "./parts.ts";
import { serverWords, tainted, theirs } from "./words.ts";

const MAX_LINES = 10;

/** What there is of MCP servers, and what could be. */
export const lookTools = (deps: McpToolDeps): readonly Tool[] => [
  defineTool({
    ...reading,
    name: "mcp_list",
    description: "The MCP servers (plug-ins) that are installed here, and whether they work.",
    label: "Looking at the plug-ins",
    input: z.object({}),
    async run(_, context) {
      const servers = await knownServers(deps, context);
      const words =
        servers.length === 0
          ? "No MCP servers are installed here."
          : servers.map(serverWords).join("\n");
      return tainted(words, []);
    },
  }),
  defineTool({
    ...reading,
    name: "mcp_status",
    description: "How one MCP server does, or all of them, and what it last wrote to its log.",
    label: "Looking at a plug-in",
    input: z.object({ server_name: serverName.optional() }),
    async run({ server_name: name }, context) {
      if (name === undefined) {
        const servers = await knownServers(deps, context);
        return tainted(
          servers.map(serverWords).join("\n") || "No MCP servers are installed here.",
          [],
        );
      }
      return withServer(deps, context, name, async (server, isManager) => {
        const tools = await deps.desk.review.tools(server.id);
        const agreed = tools.filter(({ state }) => state === "approved").length;
        const words = [serverWords(server), `${agreed} of ${tools.length} tools were agreed to.`];
        // What it wrote may hold words of whoever uses it.
        if (!isManager || context.scope.audience.kind !== "private")
          return tainted(words.join("\n"), []);
        const { lines, startsInLastHour } = await deps.desk.control.look(server.id);
        const told = lines.slice(-MAX_LINES).map(theirs);
        return tainted(
          [...words, `Starts in the last hour: ${startsInLastHour}`, ...told].join("\n"),
          [server.name],
        );
      });
    },
  }),
  defineTool({
    ...reading,
    name: "mcp_tools",
    description:
      "The tools of one MCP server, or of all, and whether a person has agreed to each; those that nobody agreed to cannot be called.",
    label: "Looking at the tools of a plug-in",
    input: z.object({ server_name: serverName.optional() }),
    async run({ server_name: name }, context) {
      const all = await knownServers(deps, context);
      const servers =
        name === undefined ? all : all.filter((server) => server.name === name.toLowerCase());
      const lines = await Promise.all(
        servers.map(async (server) => {
          const tools = await deps.desk.review.tools(server.id);
          return [
            `${server.name}: ${tools.length} tools`,
            ...tools.map(
              ({ tool, state }) => `- ${theirs(tool.name)} (${state}): ${theirs(tool.description)}`,
            ),
          ];
        }),
      );
      const names = servers.map((server) => server.name);
      return tainted(lines.flat().join("\n") || "No such server is installed here.", names);
    },
  }),
  defineTool({
    ...reading,
    name: "smithery_search",
    description:
      "Search for MCP servers that could be installed: Smithery, the official MCP registry, and servers of their makers.",
    label: "Looking for plug-ins",
    timeoutMs: LOOK_MS,
    input: z.object({ query: z.string().trim().min(1).max(100) }),
    async run({ query }, { signal }) {
      const { listings, problems } = await deps.desk.installer.search(query, signal);
      const lines = listings.map(
        ({ source, title, description, from }) =>
          `- source ${theirs(source)} (${from}), ${theirs(title)}: ${theirs(description)}`,
      );
      return tainted(
        [...(lines.length === 0 ? ["Nothing was found."] : lines), ...problems].join("\n"),
        ["the registries of MCP servers"],
      );
    },
  }),
];

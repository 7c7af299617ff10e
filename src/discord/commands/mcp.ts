import { ApplicationCommandOptionType } from "discord-api-types/v10";
import type { McpDesk } from "../../core/mcp-desk.ts";
import type { McpServer } from "../../core/mcp.ts";
import {
  defineCommand,
  defineGroup,
  type CommandContext,
  type CommandGroup,
} from "./define-command.ts";
import { accessCommand } from "./mcp-access.ts";
import { installActions, installCommand } from "./mcp-install.ts";
import {
  refreshCommand,
  switchCommands,
  uninstallActions,
  uninstallCommand,
} from "./mcp-manage.ts";
import { oauthActions, oauthCommands } from "./mcp-oauth.ts";
import { promptCommand } from "./mcp-prompt.ts";
import {
  managesServer,
  serverIn,
  serverOption,
  serversOf,
  suggestServers,
  UNKNOWN,
} from "./mcp-servers.ts";
import { NO_SERVERS, toolsActions, toolsCommand } from "./mcp-tools.ts";
import { listingLine, quoted, safe, serverLine } from "./mcp-words.ts";

const MIB = 1_048_576;
const MAX_LINES = 20;
const MAX_LINE_CHARS = 200;

/** `/mcp`: servers that bring more tools. */
export const mcpGroup = (desk: McpDesk): CommandGroup =>
  defineGroup({
    name: "mcp",
    description: "Plug-ins: servers that bring me more tools",
    commands: [
      list(desk),
      status(desk),
      toolsCommand(desk),
      promptCommand(desk),
      search(desk),
      installCommand(desk),
      uninstallCommand(desk),
      ...switchCommands(desk),
      refreshCommand(desk),
      accessCommand(desk),
      ...oauthCommands(desk),
    ],
    actions: [
      ...installActions(desk),
      ...toolsActions(desk),
      ...uninstallActions(desk),
      ...oauthActions(desk),
    ],
  });

const list = (desk: McpDesk) =>
  defineCommand({
    name: "list",
    description: "Which servers are here, and how they are",
    options: [],
    async run(_, context) {
      const servers = await serversOf(desk, context);
      const offered = context.isOperator ? offeredWords(desk, servers) : [];
      return [...(servers.length === 0 ? [NO_SERVERS] : servers.map(serverLine)), ...offered].join(
        "\n",
      );
    },
  });

/** For whoever runs her: what one press would add. */
function offeredWords({ installer }: McpDesk, servers: readonly McpServer[]): readonly string[] {
  const offered = installer
    .offered()
    .filter(({ source }) => !servers.some(({ name }) => name === source));
  if (offered.length === 0) return [];
  return [
    "**Your keys for these are set:**",
    ...offered.map(({ source, title }) => `- ${title}: \`/mcp install source:${source}\``),
  ];
}

const status = (desk: McpDesk) =>
  defineCommand({
    name: "status",
    description: "How a server is, and what it last wrote",
    options: [serverOption(false)],
    suggest: { server: suggestServers(desk) },
    async run(input, context) {
      if (input["server"] === undefined) return overall(await serversOf(desk, context));
      const server = await serverIn(desk, input, context);
      return server === null ? UNKNOWN : oneStatus(desk, server, context);
    },
  });

function overall(servers: readonly McpServer[]): string {
  if (servers.length === 0) return NO_SERVERS;
  const wanted = servers.filter(({ isEnabled }) => isEnabled);
  const well = wanted.filter(({ status: { state } }) => state === "ready" || state === "slow");
  const ill = wanted.filter(
    ({ status: { state } }) => state === "failing" || state === "needs-sign-in",
  );
  return [
    `${servers.length} ${servers.length === 1 ? "server" : "servers"}: ${well.length} answer, ${ill.length} need a look, ${servers.length - wanted.length} are switched off.`,
    ...ill.map(serverLine),
  ].join("\n");
}

async function oneStatus(
  { control, review }: McpDesk,
  server: McpServer,
  context: CommandContext,
): Promise<string> {
  const tools = await review.tools(server.id);
  const agreed = tools.filter(({ state }) => state === "approved").length;
  const told = [
    serverLine(server),
    `**Since:** <t:${Math.floor(server.status.since.getTime() / 1_000)}:R>`,
    `**Tools:** ${agreed} of ${tools.length} agreed to`,
    `**Source:** ${safe(sourceWords(server))}`,
  ];
  // What it wrote may hold words of whoever uses it.
  if (!managesServer(server, context)) return told.join("\n");
  const { pids, memoryBytes, lines, protocolVersion, startsInLastHour } = await control.look(
    server.id,
  );
  return [
    ...told,
    ...(protocolVersion === null ? [] : [`**Protocol:** ${safe(protocolVersion)}`]),
    ...(pids.length === 0
      ? []
      : [`**Processes:** ${pids.length}, ${Math.ceil((memoryBytes ?? 0) / MIB)} MiB`]),
    ...(startsInLastHour === 0 ? [] : [`**Starts in the last hour:** ${startsInLastHour}`]),
    ...(lines.length === 0
      ? []
      : [
          "**It last wrote:**",
          ...lines.slice(-MAX_LINES).map((line) => `> ${quoted(line, MAX_LINE_CHARS)}`),
        ]),
  ].join("\n");
}

function sourceWords({ source, launch }: McpServer): string {
  switch (source.kind) {
    case "npm":
      return `npm ${source.package}@${source.version}`;
    case "smithery":
    case "smithery-hosted":
      return `${source.kind} ${source.name}`;
    case "github":
      return `github.com/${source.repository} at ${source.commit}`;
    case "docker":
      return `${source.image}@${source.digest}`;
    case "path":
      return launch.kind === "http" ? "a file of whoever runs me" : "this machine";
    case "url":
      return new URL(source.url).host;
    case "first-party":
      return "ships with me";
  }
}

const search = ({ installer }: McpDesk) =>
  defineCommand({
    name: "search",
    description: "Look for servers: the MCP registry, Smithery, their makers' own",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "query",
        description: "What it should be able to do",
        required: true,
      },
    ],
    async run({ query = "" }, { signal }) {
      const { listings, problems } = await installer.search(query, signal);
      return [
        ...(listings.length === 0
          ? ["Nothing was found."]
          : [
              "-# What strangers say of their servers. `/mcp install source:...` shows more before anything runs.",
              ...listings.map(listingLine),
            ]),
        ...problems.map((problem) => `⚠️ ${safe(problem)}`),
      ].join("\n");
    },
  });

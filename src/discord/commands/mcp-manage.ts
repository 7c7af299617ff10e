import { z } from "zod";
import { mcpServerId } from "../../core/ids.ts";
import type { McpDesk } from "../../core/mcp-desk.ts";
import type { McpServer } from "../../core/mcp.ts";
import { defineAction, type ActionOutcome } from "./define-action.ts";
import { defineCommand, type Command, type CommandContext } from "./define-command.ts";
import {
  managedIn,
  managesServer,
  NOT_YOURS,
  serverOption,
  suggestServers,
  UNKNOWN,
} from "./mcp-servers.ts";
import type { Reply } from "./reply.ts";

type Desk = Pick<McpDesk, "servers" | "installer" | "control">;

const UNINSTALL = "mcp-uninstall";
const KEEP = "mcp-uninstall-keep";
const about = z.object({ id: z.string().transform(mcpServerId) });

/** `/mcp uninstall`: asks first; then row, secrets and files go. */
export const uninstallCommand = (desk: Desk) =>
  defineCommand({
    name: "uninstall",
    description: "Take a server away, with its keys and files",
    options: [serverOption(true)],
    suggest: { server: suggestServers(desk) },
    async run(input, context) {
      const found = await managedIn(desk, input, context);
      if ("refusal" in found) return found.refusal;
      const { server } = found;
      return inFile(server) ?? question(server);
    },
  });

const inFile = ({ origin }: McpServer): string | null =>
  origin === "file"
    ? "It stands in a file in MCP_SERVERS_DIR: it goes when the file goes. `/mcp disable` switches it off meanwhile."
    : null;

const question = ({ id, name }: McpServer): Reply => ({
  text: `Take away **${name}**, with its keys, its files, and what was agreed to of its tools? Calls that run are ended.`,
  rows: [
    [
      { kind: "button", label: "Take it away", style: "danger", action: UNINSTALL, data: { id } },
      { kind: "button", label: "Keep it", style: "secondary", action: KEEP, data: {} },
    ],
  ],
});

export const uninstallActions = (desk: Desk) => [
  defineAction({
    name: UNINSTALL,
    async run({ data }, context): Promise<ActionOutcome> {
      const server = await desk.servers.byId(about.parse(data).id);
      if (server === null) return { kind: "replace", reply: { text: "It is gone already." } };
      if (!managesServer(server, context)) return { kind: "whisper", reply: { text: NOT_YOURS } };
      await desk.installer.uninstall(server.id);
      return {
        kind: "replace",
        reply: { text: `**${server.name}** is gone, with its keys and files.` },
      };
    },
  }),
  defineAction({
    name: KEEP,
    run: async () => ({ kind: "replace", reply: { text: "It stays." } }),
  }),
];

type Change = (server: McpServer, context: CommandContext) => Promise<string>;

function changing(desk: Desk, name: string, description: string, change: Change): Command {
  return defineCommand({
    name,
    description,
    options: [serverOption(true)],
    suggest: { server: suggestServers(desk) },
    async run(input, context) {
      const found = await managedIn(desk, input, context, "keepers");
      return "refusal" in found ? found.refusal : change(found.server, context);
    },
  });
}

/** `/mcp enable`, `/mcp disable`, `/mcp restart`: the row says what is wanted, whoever runs the servers does it. */
export const switchCommands = (desk: Desk): readonly Command[] => {
  const change = async (
    server: McpServer,
    wanted: { readonly isEnabled?: boolean },
    done: string,
  ) => {
    const isThere = await desk.servers.change(server.id, wanted);
    desk.control.poke();
    return isThere ? done : UNKNOWN;
  };
  return [
    changing(desk, "enable", "Switch a server on", (server) =>
      change(
        server,
        { isEnabled: true },
        `**${server.name}** is switched on. It starts when it is needed.`,
      ),
    ),
    changing(desk, "disable", "Switch a server off; nothing of it is lost", (server) =>
      change(server, { isEnabled: false }, `**${server.name}** is switched off.`),
    ),
    changing(desk, "restart", "Start a server anew", (server) =>
      server.isEnabled
        ? change(server, {}, `**${server.name}** starts anew.`)
        : Promise.resolve(
            `**${server.name}** is switched off: \`/mcp enable server:${server.name}\`.`,
          ),
    ),
  ];
};

/** `/mcp refresh`: the operator's files, and tools, are read anew. */
export const refreshCommand = (desk: Desk & Pick<McpDesk, "review">) =>
  defineCommand({
    name: "refresh",
    description: "Read the files of MCP_SERVERS_DIR anew, or one server's tools",
    options: [serverOption(false)],
    suggest: { server: suggestServers(desk) },
    async run(input, context) {
      if (input["server"] === undefined) {
        if (!context.isOperator)
          return "Only whoever runs me can have my files read anew. Name a server for its tools.";
        return desk.installer.refresh(context.signal);
      }
      const found = await managedIn(desk, input, context, "keepers");
      if ("refusal" in found) return found.refusal;
      const isAsked = await desk.control.refresh(found.server.id);
      return isAsked
        ? `**${found.server.name}** was asked for its tools. \`/mcp tools server:${found.server.name}\` shows them.`
        : `**${found.server.name}** does not run at the moment: it is asked when it starts.`;
    },
  });

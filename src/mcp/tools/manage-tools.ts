import { z } from "zod";
import type { McpServerChange } from "../../core/mcp.ts";
import { defineTool, type Tool, type ToolContext } from "../../core/tool.ts";
import { changing, LOOK_MS, managing, serverName, standingOf, type McpToolDeps } from "./parts.ts";
import { failed } from "./words.ts";

const input = z.object({ server_name: serverName });

/** What is wanted of servers that are installed. */
export function manageTools(deps: McpToolDeps): readonly Tool[] {
  const { desk } = deps;
  const change = (context: ToolContext, name: string, wanted: McpServerChange, done: string) =>
    managing(deps, context, name, async (server) => {
      await desk.servers.change(server.id, wanted);
      desk.control.poke();
      return { text: `${server.name} ${done}.` };
    });
  return [
    defineTool({
      ...changing,
      name: "mcp_enable",
      description: "Switch an MCP server on.",
      label: "Switching a plug-in on",
      input,
      explain: ({ server_name: target }) => ({
        what: "Switch an MCP server on",
        target,
        reversible: true,
      }),
      run: ({ server_name: name }, context) =>
        change(context, name, { isEnabled: true }, "is switched on"),
    }),
    defineTool({
      ...changing,
      name: "mcp_disable",
      description: "Switch an MCP server off. Nothing of it is lost.",
      label: "Switching a plug-in off",
      input,
      explain: ({ server_name: target }) => ({
        what: "Switch an MCP server off",
        target,
        reversible: true,
      }),
      run: ({ server_name: name }, context) =>
        change(context, name, { isEnabled: false }, "is switched off"),
    }),
    defineTool({
      ...changing,
      name: "mcp_restart",
      description: "Start an MCP server anew.",
      label: "Starting a plug-in anew",
      input,
      explain: ({ server_name: target }) => ({
        what: "Start an MCP server anew",
        target,
        reversible: true,
      }),
      run: ({ server_name: name }, context) => change(context, name, {}, "starts anew"),
    }),
    defineTool({
      ...changing,
      name: "mcp_hot_reload",
      description:
        "Whether an MCP server that runs from a folder starts anew when its files change.",
      label: "Setting up a plug-in",
      input: input.extend({ enable: z.boolean() }),
      explain: ({ server_name: target, enable }) => ({
        what: enable
          ? "Start an MCP server anew when its files change"
          : "No longer start an MCP server anew when its files change",
        target,
        reversible: true,
      }),
      run: ({ server_name: name, enable }, context) =>
        change(
          context,
          name,
          { isHotReload: enable },
          enable ? "starts anew when its files change" : "no longer starts anew by itself",
        ),
    }),
    defineTool({
      ...changing,
      name: "mcp_refresh",
      description: "Read the operator's files of MCP servers anew.",
      label: "Reading the plug-ins anew",
      timeoutMs: LOOK_MS,
      input: z.object({}),
      explain: () => ({ what: "Read the files of MCP servers anew", target: "", reversible: true }),
      async run(_, context) {
        const { isOperator } = await standingOf(deps, context);
        if (!isOperator) return failed("Only whoever runs this bot may have its files read anew.");
        return { text: await desk.installer.refresh(context.signal) };
      },
    }),
  ];
}

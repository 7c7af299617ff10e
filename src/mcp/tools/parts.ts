import { z } from "zod";
import { pickServer, serversFor, type McpDesk } from "../../core/mcp-desk.ts";
import type { McpStanding } from "../../core/mcp-install.ts";
import { mayManage, type McpServer } from "../../core/mcp.ts";
import type { Operators } from "../../core/operators.ts";
import { isGuildAdmin } from "../../core/principal.ts";
import type { ToolContext, ToolOutput } from "../../core/tool.ts";
import { failed } from "./words.ts";

export interface McpToolDeps {
  readonly desk: McpDesk;
  readonly operators: Operators;
}

export const serverName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .describe("The server's name, as mcp_list has it");

const TIMEOUT_MS = 30_000;
/** Registries are far away, and there are several. */
export const LOOK_MS = 90_000;

export const reading = { effect: "read", timeoutMs: TIMEOUT_MS } as const;
export const changing = { effect: "write", timeoutMs: TIMEOUT_MS } as const;

/** Asked anew for each call: who may today may not tomorrow. */
export const standingOf = async (
  { operators }: Pick<McpToolDeps, "operators">,
  { scope, signal }: ToolContext,
): Promise<McpStanding> => ({
  isOperator: await operators.isOperator(scope.principal, signal),
  isAdmin: isGuildAdmin(scope.principal),
});

/** What this person may know here: his own servers where nobody reads along. */
export async function knownServers(
  deps: McpToolDeps,
  context: ToolContext,
): Promise<readonly McpServer[]> {
  const { scope } = context;
  const isWhispered = scope.audience.kind === "private";
  return serversFor(deps.desk.servers, scope, await standingOf(deps, context), isWhispered);
}

const NONE = "There is no such server here. mcp_list names those that are there.";

export async function withServer(
  deps: McpToolDeps,
  context: ToolContext,
  name: string,
  act: (server: McpServer, isManager: boolean) => Promise<ToolOutput>,
): Promise<ToolOutput> {
  const server = pickServer(await knownServers(deps, context), name);
  if (server === null) return failed(NONE);
  const { isOperator, isAdmin } = await standingOf(deps, context);
  return act(server, mayManage(server.owner, context.scope, isOperator, isAdmin));
}

/** For whoever may manage it. */
export const managing = (
  deps: McpToolDeps,
  context: ToolContext,
  name: string,
  act: (server: McpServer) => Promise<ToolOutput>,
): Promise<ToolOutput> =>
  withServer(deps, context, name, async (server, isManager) =>
    isManager
      ? act(server)
      : failed(
          "Only its owner, the admins of the server that it is for, or whoever runs this bot may do that. Nothing was changed.",
        ),
  );

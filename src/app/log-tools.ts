import type { Operators } from "../core/operators.ts";
import type { Tool } from "../core/tool.ts";
import type { House } from "./house.ts";
import { mcpTools } from "../mcp/tools/all.ts";
import { logTools } from "../tools/logs/log-tools.ts";

/** Whoever types in the terminal has started her, and can read all that she keeps. */
export const terminalOperators: Operators = {
  isOperator: async ({ platform }) => platform === "terminal",
};

/** Without a platform that says who runs her. */
export const noOperators: Operators = { isOperator: async () => false };

/** Tools that ask who runs her: for her log, and for servers of MCP. */
export const operatorTools = (
  { store, mcp }: Pick<House, "store" | "mcp">,
  operators: Operators,
): readonly Tool[] => [
  ...logTools({ entries: store.logEntries, operators }),
  ...(mcp === null ? [] : mcpTools({ desk: mcp.desk, operators })),
];

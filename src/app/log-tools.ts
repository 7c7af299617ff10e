import type { Operators } from "../core/operators.ts";
import type { Tool } from "../core/tool.ts";
import type { Store } from "../store/index.ts";
import { logTools as tools } from "../tools/logs/log-tools.ts";

/** Whoever types in the terminal has started her, and can read all that she keeps. */
export const terminalOperators: Operators = {
  isOperator: async ({ platform }) => platform === "terminal",
};

/** Without a platform that says who runs her. */
export const noOperators: Operators = { isOperator: async () => false };

/** Tools for whoever runs her. */
export const logTools = (
  { logEntries }: Pick<Store, "logEntries">,
  operators: Operators,
): readonly Tool[] => tools({ entries: logEntries, operators });

import { z } from "zod";
import { ENTRY_LEVELS, type EntryLevel, type LogEntries } from "../../core/log-entries.ts";
import type { Operators } from "../../core/operators.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../../core/tool.ts";
import { toLines } from "./to-lines.ts";

const MAX_ENTRIES = 100;
/** A year. */
const MAX_HOURS = 8_760;
const TIMEOUT_MS = 10_000;

/** As other programs name them. What is below "info" is not kept, and nothing is above "error". */
const LEVELS: Readonly<Record<string, readonly EntryLevel[]>> = {
  DEBUG: [],
  INFO: ["info"],
  WARNING: ["warn"],
  ERROR: ["error"],
  CRITICAL: ["error"],
};

const hours = z.number().positive().max(MAX_HOURS).describe("Only the last so many hours");
const limit = z.int().min(1).max(MAX_ENTRIES);
const loggerName = z
  .string()
  .max(100)
  .optional()
  .describe("Only of this room of the program, such as discord, agent, llm, store");

interface Deps {
  readonly entries: Pick<LogEntries, "find">;
  readonly operators: Operators;
}

/** The log, for whoever runs her, and only where nobody else reads the answer. */
export function logTools(deps: Deps): readonly Tool[] {
  const { entries } = deps;
  const shared = {
    label: "Looking through the log",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
  } as const;
  return [
    defineTool({
      ...shared,
      name: "search_logs",
      description:
        "Search the program's own log, newest first. Only for the person who runs this bot, in a direct message. It holds warnings, errors and a line for each answer; ids and figures, nobody's words.",
      input: z.object({
        query: z.string().trim().max(200).optional().describe("What to look for in the entries"),
        logger_name: loggerName,
        level: z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]).optional(),
        hours: hours.default(24),
        limit: limit.default(50),
      }),
      run: ({ query = "", logger_name: room = null, level, hours: withinHours, limit: most }, at) =>
        forOperator(deps, at, async () => {
          const levels = level === undefined ? ENTRY_LEVELS : (LEVELS[level] ?? []);
          const words = query === "" ? null : query;
          return toLines(await entries.find({ words, room, levels, withinHours, limit: most }));
        }),
    }),
    defineTool({
      ...shared,
      name: "get_recent_logs",
      description:
        "The newest entries of the program's own log. Only for the person who runs this bot, in a direct message.",
      input: z.object({ limit: limit.default(50), logger_name: loggerName }),
      run: ({ limit: most, logger_name: room = null }, at) =>
        forOperator(deps, at, async () => {
          const all = { words: null, withinHours: null, levels: ENTRY_LEVELS };
          return toLines(await entries.find({ ...all, room, limit: most }));
        }),
    }),
    defineTool({
      ...shared,
      name: "get_error_logs",
      description:
        "Errors of the program's own log with their stacks, newest first. Only for the person who runs this bot, in a direct message.",
      input: z.object({
        hours: hours.default(24),
        limit: limit.default(20),
        include_warnings: z.boolean().default(false),
      }),
      run: ({ hours: withinHours, limit: most, include_warnings: withWarnings }, at) =>
        forOperator(deps, at, async () => {
          const levels: readonly EntryLevel[] = withWarnings ? ["warn", "error"] : ["error"];
          const found = await entries.find({
            words: null,
            room: null,
            levels,
            withinHours,
            limit: most,
          });
          return toLines(found, { withStacks: true });
        }),
    }),
  ];
}

/** Asked anew for each call: who runs her today may not tomorrow. */
async function forOperator(
  { operators }: Deps,
  { scope, signal }: ToolContext,
  look: () => Promise<ToolOutput>,
): Promise<ToolOutput> {
  if (!(await operators.isOperator(scope.principal, signal))) {
    return {
      text: "Only the person who runs this bot may see its log, and Discord does not name this person as its owner or as one of its team. Say so, and that nothing was looked up.",
      isError: true,
    };
  }
  if (scope.audience.kind !== "private") {
    return {
      text: "Others read what is said here, and the log is for the operator alone. Say that they may ask for it in a direct message to you.",
      isError: true,
    };
  }
  return look();
}

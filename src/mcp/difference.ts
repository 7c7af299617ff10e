import type { McpTool } from "../core/mcp.ts";
import { clean, cleanLine } from "./clean.ts";

const MAX_LINES = 60;
const MAX_CHARS = 300;

/** What is not as it was agreed to, one line each: `- ` before what was, `+ ` before what is. */
export function differenceOf(tool: McpTool): readonly string[] {
  const before = tool.approvedDescription ?? "";
  const lines = lineDifference(linesOf(before), linesOf(tool.description));
  if (lines.length > 0) return lines.slice(0, MAX_LINES);
  return ["Its words are the same: its arguments, its results or its hints have changed."];
}

const linesOf = (text: string): readonly string[] =>
  clean(text)
    .split("\n")
    .map((line) => cleanLine(line, MAX_CHARS))
    .filter((line) => line !== "");

/** Lines that only one of the two has, in their order. */
function lineDifference(before: readonly string[], after: readonly string[]): readonly string[] {
  const had = new Set(before);
  const has = new Set(after);
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}

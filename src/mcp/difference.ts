import type { McpTool, McpToolShape } from "../core/mcp.ts";
import { clean, cleanLine } from "./clean.ts";

const MAX_LINES = 60;
const MAX_CHARS = 300;

/**
 * What is not as it was agreed to, one line each: `- ` before what was, `+ ` before what is; first the words, then
 * whatever else there is, by its place.
 */
export function differenceOf(tool: McpTool): readonly string[] {
  const words = lineDifference(linesOf(tool.approvedDescription ?? ""), linesOf(tool.description));
  const { approvedShape } = tool;
  if (approvedShape === null)
    return words.length > 0 ? cut(words) : ["Something besides its words has changed."];
  return cut([...words, ...lineDifference(placesOf(approvedShape), placesOf(tool))]);
}

const cut = (lines: readonly string[]): readonly string[] =>
  lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES), `(and ${lines.length - MAX_LINES} lines more)`];

const linesOf = (text: string): readonly string[] =>
  clean(text)
    .split("\n")
    .map((line) => cleanLine(line, MAX_CHARS))
    .filter((line) => line !== "");

/** Each value with its place, for example `arguments.properties.to.description: Whom to write to`. */
const placesOf = ({ inputSchema, outputSchema, annotations }: McpToolShape): readonly string[] => [
  ...leaves("arguments", inputSchema),
  ...leaves("results", outputSchema ?? {}),
  ...leaves("hints", annotations),
];

function leaves(place: string, value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null)
    return [cleanLine(`${place}: ${String(value)}`, MAX_CHARS)];
  const inner = Object.entries(value);
  if (inner.length === 0) return [`${place}: nothing`];
  return inner
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, each]) => leaves(`${place}.${cleanLine(key, 60)}`, each));
}

/** Lines that only one of the two has, in their order. */
function lineDifference(before: readonly string[], after: readonly string[]): readonly string[] {
  const had = new Set(before);
  const has = new Set(after);
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}

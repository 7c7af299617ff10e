import type { LogEntry } from "../../core/log-entries.ts";
import type { Json } from "../../core/model.ts";
import type { ToolOutput } from "../../core/tool.ts";

/** Characters of one answer; further entries are counted. */
const MAX_CHARS = 16_000;
const MAX_STACK_CHARS = 1_200;
const MAX_FIELD_CHARS = 300;

/** One entry a line, newest first. Errors may quote what a server said, so that they count as its words. */
export function toLines(
  entries: readonly LogEntry[],
  { withStacks = false }: { readonly withStacks?: boolean } = {},
): ToolOutput {
  if (entries.length === 0) return { text: "The log has no such entry." };
  const lines: string[] = [];
  let chars = 0;
  for (const entry of entries) {
    const line = toLine(entry, withStacks);
    chars += line.length + 1;
    if (chars > MAX_CHARS && lines.length > 0) break;
    lines.push(line);
  }
  const left = entries.length - lines.length;
  if (left > 0) lines.push(`(and ${left} older ones: ask for fewer, or search)`);
  const quotes = entries.some(({ fields }) => "error" in fields);
  return {
    text: lines.join("\n"),
    ...(quotes ? { taints: [{ source: "web", name: "errors in the log" }] as const } : {}),
  };
}

function toLine({ at, level, room, event, fields }: LogEntry, withStack: boolean): string {
  const { error, ...others } = fields;
  const told = Object.entries(others).map(([name, value]) => `${name}=${brief(value)}`);
  const head = [at.toISOString(), level.toUpperCase(), room ?? "house", event];
  return [[...head, ...told].join(" "), ...toErrorLines(error, withStack)].join("\n  ");
}

function toErrorLines(error: Json | undefined, withStack: boolean): readonly string[] {
  if (error === undefined) return [];
  if (error === null || typeof error !== "object" || Array.isArray(error)) return [brief(error)];
  const { type, message, stack, code } = error as Readonly<Record<string, Json>>;
  const words = [type, code, message].filter((each) => each !== undefined).map(brief);
  const trace = withStack && typeof stack === "string" ? [stack.slice(0, MAX_STACK_CHARS)] : [];
  return [words.join(" "), ...trace];
}

const brief = (value: Json): string =>
  (typeof value === "string" ? value : JSON.stringify(value)).slice(0, MAX_FIELD_CHARS);

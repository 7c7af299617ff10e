import { createHash } from "node:crypto";
import type { Tool as ListedTool } from "@modelcontextprotocol/client";
import type { McpAnnotations, McpServer, McpToolSeen } from "../core/mcp.ts";
import { canonicalJson } from "../lib/canonical-json.ts";
import { cleanLine } from "./clean.ts";
import { MAX_DESCRIPTION_CHARS, MAX_SCHEMA_BYTES, MAX_SCHEMA_DEPTH, MAX_TOOLS } from "./limits.ts";
import { offeredNameOf } from "./names.ts";
import { isObject } from "./schema.ts";

export interface SeenTools {
  readonly tools: readonly McpToolSeen[];
  /** What was left out, a line each, in words. */
  readonly left: readonly string[];
}

const MAX_NAME_CHARS = 300;
const SHOWN_NAME_CHARS = 60;

/**
 * What a server listed, as it is kept: within bounds, and each with the hash of all that a person agrees to. `isTaken`:
 * offered names of other servers. `given`: names that its tools have already.
 */
export function seeTools(
  server: Pick<McpServer, "id" | "name">,
  listed: readonly ListedTool[],
  isTaken: (offeredName: string) => boolean,
  given: ReadonlyMap<string, string>,
): SeenTools {
  const tools: McpToolSeen[] = [];
  const left: string[] = [];
  const names = new Set<string>();
  const offered = new Set([...given.values()].map((name) => name.toLowerCase()));
  for (const tool of listed) {
    const why = tools.length >= MAX_TOOLS ? `more than ${MAX_TOOLS} tools` : whyNot(tool, names);
    names.add(tool.name);
    if (why !== null) {
      left.push(`${cleanLine(tool.name, SHOWN_NAME_CHARS) || "(no name)"}: ${why}`);
      continue;
    }
    const isUsed = (name: string) => offered.has(name.toLowerCase()) || isTaken(name);
    const offeredName = given.get(tool.name) ?? offeredNameOf(server, tool.name, isUsed);
    offered.add(offeredName.toLowerCase());
    tools.push(toSeen(tool, offeredName));
  }
  return { tools, left };
}

function whyNot({ name, description, inputSchema, outputSchema }: ListedTool, names: Set<string>) {
  if (name.trim() === "") return "it has no name";
  if (name.length > MAX_NAME_CHARS) return `its name has more than ${MAX_NAME_CHARS} characters`;
  if (names.has(name)) return "there are two of that name; the first one is kept";
  if ((description?.length ?? 0) > MAX_DESCRIPTION_CHARS)
    return `its description has more than ${MAX_DESCRIPTION_CHARS} characters`;
  const schemas = [inputSchema, outputSchema ?? {}];
  // Before anything walks through it without looking where it is.
  if (!schemas.every((schema) => isShallow(schema, MAX_SCHEMA_DEPTH * 2)))
    return "its schema is nested too deep";
  if (Buffer.byteLength(JSON.stringify(schemas)) > MAX_SCHEMA_BYTES)
    return `its schema is larger than ${MAX_SCHEMA_BYTES / 1024} KiB`;
  return null;
}

function isShallow(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return left > 0 && Object.values(value).every((inner) => isShallow(inner, left - 1));
}

function toSeen(tool: ListedTool, offeredName: string): McpToolSeen {
  const { name, description = "", inputSchema, outputSchema } = tool;
  const annotations = annotationsOf(tool);
  const known = {
    name,
    description,
    inputSchema: isObject(inputSchema) ? inputSchema : {},
    outputSchema: isObject(outputSchema) ? outputSchema : null,
    annotations,
  };
  const hash = createHash("sha256").update(canonicalJson(known)).digest("hex");
  return { ...known, offeredName, hash };
}

function annotationsOf({ title, annotations = {} }: ListedTool): McpAnnotations {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  const shown = title ?? annotations.title;
  return {
    ...(shown !== undefined && { title: cleanLine(shown, SHOWN_NAME_CHARS) }),
    ...(readOnlyHint !== undefined && { readOnlyHint }),
    ...(destructiveHint !== undefined && { destructiveHint }),
    ...(idempotentHint !== undefined && { idempotentHint }),
    ...(openWorldHint !== undefined && { openWorldHint }),
  };
}

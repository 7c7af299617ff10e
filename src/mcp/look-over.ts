import type { McpToolShown } from "../core/mcp-control.ts";
import type { McpToolSeen } from "../core/mcp.ts";
import { clean } from "./clean.ts";
import { skeletonOf } from "./names.ts";
import { readSchema } from "./schema.ts";

/** A tool of another server, for telling look-alikes. */
export interface OtherTool {
  readonly serverName: string;
  readonly name: string;
}

/** Phrases by which descriptions try to give a model orders. They are a reason to look twice, and no more. */
const ORDERS =
  /<\s*(?:important|system|instructions?)\b|\b(?:do not|don't|never)\s+(?:tell|mention|inform|show)\b|\bignore\s+(?:all|any|previous|the)\b|\b(?:before|after|instead of)\s+(?:using|calling)\s+(?:any|this|other|the)\b|\bthe user (?:must|should) not\b|\byou must (?:always|first|also)\b|~\/\.(?:ssh|aws|config)|\b(?:id_rsa|\.env)\b/i;

/** What a person who decides about a tool should know of it. */
export function lookOver(tool: McpToolSeen, others: readonly OtherTool[]): McpToolShown {
  const read = readSchema(tool.inputSchema, "offer");
  const problem = read.kind === "usable" ? null : `Its arguments cannot be told: ${read.why}.`;
  const repairs = read.kind === "usable" ? read.repairs : [];
  return {
    tool,
    problem,
    marks: [...ofHints(tool), ...ofWords(tool), ...ofName(tool, others), ...repairs],
  };
}

function ofHints({ annotations }: McpToolSeen): readonly string[] {
  if (annotations.readOnlyHint === true)
    return ["says that it only reads: once agreed to, it runs without asking"];
  return annotations.destructiveHint === false ? [] : ["may destroy something, by its own words"];
}

function ofWords({ description, inputSchema }: McpToolSeen): readonly string[] {
  const words = `${description}\n${JSON.stringify(inputSchema)}`;
  const plain = words.toWellFormed().replace(/\r\n?|[\u2028\u2029]/g, "\n");
  return [
    ...(clean(plain) === plain ? [] : ["holds characters that nobody sees"]),
    ...(ORDERS.test(clean(plain)) ? ["gives orders to the model"] : []),
  ];
}

function ofName({ name }: McpToolSeen, others: readonly OtherTool[]): readonly string[] {
  const skeleton = skeletonOf(name);
  const alike = others.filter((other) => skeletonOf(other.name) === skeleton);
  const twin = alike.find((other) => other.name !== name);
  if (twin) return [`its name looks like ${twin.name} of ${twin.serverName}`];
  const [same] = alike;
  return same ? [`${same.serverName} has a tool of this name, too`] : [];
}

/** Within one server, too, one name may look like another. */
export const ownOthers = (
  { name }: Pick<McpToolSeen, "name">,
  all: readonly Pick<McpToolSeen, "name">[],
): readonly OtherTool[] =>
  all
    .filter((tool) => tool.name !== name)
    .map((tool) => ({ serverName: "the same server", name: tool.name }));

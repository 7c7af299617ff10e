import { z } from "zod";
import type { ToolSpec } from "../core/model.ts";
import { defineTool, type Tool } from "../core/tool.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { best, bm25, createWordIndex, toQuery } from "../lib/word-index.ts";
import { queryStems, stemsOf } from "./words-index.ts";

/** Tokens that the descriptions of tools may take of each request. */
export const MAX_SPEC_TOKENS = 2_500;
/** Of those, for the tools that are always there; the rest is for what is found. */
const CORE_TOKENS = 1_000;
/** Tools that one search adds. */
const MAX_FOUND = 5;
/** Tools that a turn finds at most, however often it searches. */
const MAX_ADDED = 20;

export const FIND_TOOLS = "find_tools";

/** The tools of one turn, when there are too many to tell the model all of them. */
export interface Shelf {
  /** What the model is told of now. */
  readonly specs: () => readonly ToolSpec[];
  /** What it is not told of at the beginning; empty where all tools fit. Always the same. */
  readonly later: readonly ToolSpec[];
  /** null where all tools fit. */
  readonly finder: Tool | null;
  /** Puts what a search finds on the table for the rest of the turn. The same again changes nothing. */
  readonly add: (query: string) => readonly ToolSpec[];
}

const input = z.object({ query: z.string().min(1).max(300) });

/** `specs` in the order of their worth: the first ones that fit are always there. */
export function openShelf(specs: readonly ToolSpec[], maxTokens = MAX_SPEC_TOKENS): Shelf {
  if (tokensOf(specs) <= maxTokens)
    return { specs: () => specs, later: [], finder: null, add: () => [] };
  const index = indexFor(specs);
  const core = firstWithin(specs, Math.min(CORE_TOKENS, maxTokens));
  const added = new Set<ToolSpec>();
  const add = (query: string) => {
    const found = index(query, MAX_FOUND);
    for (const spec of found) if (!core.includes(spec) && added.size < MAX_ADDED) added.add(spec);
    return found;
  };
  const finder = finderFor(specs.length, add);
  const later = specs.slice(core.length);
  return { specs: () => [...core, FINDER_SPEC(finder), ...added], later, finder, add };
}

const finderFor = (count: number, add: Shelf["add"]): Tool =>
  defineTool({
    name: FIND_TOOLS,
    description: `You have ${count} tools; only some are listed. Before you say that you cannot do something, look for a tool here: say in a few English words what it should do. What is found can be called from then on.`,
    label: "Looking for the right tool",
    effect: "read",
    timeoutMs: 5_000,
    input,
    async run({ query }) {
      const found = add(query);
      if (found.length === 0)
        return { text: "There is no such tool. Try other words, or do without." };
      const lines = found.map(({ name, description }) => `- ${name}: ${description}`);
      return { text: `You can call these now:\n${lines.join("\n")}` };
    },
  });

const FINDER_SPEC = ({ name, description }: Tool): ToolSpec => ({
  name,
  description,
  inputSchema: z.toJSONSchema(input, { io: "input" }) as ToolSpec["inputSchema"],
});

const tokensOf = (specs: readonly ToolSpec[]): number => estimateTokens(JSON.stringify(specs));

function firstWithin(specs: readonly ToolSpec[], maxTokens: number): readonly ToolSpec[] {
  let tokens = 0;
  const end = specs.findIndex((spec) => (tokens += tokensOf([spec])) > maxTokens);
  return end === -1 ? specs : specs.slice(0, end);
}

/** How much a word in each place says: as if it stood there so often. */
const WEIGHTS = { name: 3, description: 2, parameters: 1 } as const;

/** By names, descriptions and parameters. Best first, none that has no word in common. */
function indexFor(
  specs: readonly ToolSpec[],
): (query: string, limit: number) => readonly ToolSpec[] {
  const index = createWordIndex();
  for (const [at, spec] of specs.entries()) index.add(at, wordsOf(spec));
  return (query, limit) => {
    const { scores } = bm25([index], toQuery(queryStems(query)));
    const found = best(scores[0] ?? new Float64Array(), limit, "earlier");
    return found.flatMap((at) => specs[at] ?? []);
  };
}

function wordsOf({ name, description, inputSchema }: ToolSpec): readonly string[] {
  const parameters = Object.keys(inputSchema["properties"] ?? {}).join(" ");
  const times = (text: string, weight: number) =>
    Array.from({ length: weight }, () => stemsOf(text)).flat();
  return [
    ...times(name, WEIGHTS.name),
    ...times(description, WEIGHTS.description),
    ...times(parameters, WEIGHTS.parameters),
  ];
}

/** Servers that many install, so that names close to theirs are worth a second look. */
const KNOWN = [
  "@modelcontextprotocol/server-everything",
  "@modelcontextprotocol/server-filesystem",
  "@modelcontextprotocol/server-memory",
  "@modelcontextprotocol/server-sequential-thinking",
  "@modelcontextprotocol/server-github",
  "@modelcontextprotocol/server-postgres",
  "@modelcontextprotocol/server-slack",
  "@modelcontextprotocol/server-puppeteer",
  "@modelcontextprotocol/server-brave-search",
  "@modelcontextprotocol/inspector",
  "@playwright/mcp",
  "@azure-devops/mcp",
  "@azure/mcp",
  "@smithery/cli",
  "@notionhq/notion-mcp-server",
  "@upstash/context7-mcp",
  "@stripe/mcp",
  "@supabase/mcp-server-supabase",
  "@cloudflare/mcp-server-cloudflare",
  "@sentry/mcp-server",
  "@heroku/mcp-server",
  "@browsermcp/mcp",
  "chrome-devtools-mcp",
  "figma-developer-mcp",
  "firecrawl-mcp",
  "exa-mcp-server",
  "tavily-mcp",
  "mcp-remote",
] as const;

/** So many letters apart is a slip of the finger. */
const MAX_DISTANCE = 2;
/** Shorter names are close to each other by chance. */
const MIN_CHARS = 8;

/** The known package that a name could be taken for, without being it; null for none. */
export function likeKnown(name: string): string | null {
  if ((KNOWN as readonly string[]).includes(name)) return null;
  const flat = flatten(name);
  return KNOWN.find((known) => isClose(flat, flatten(known))) ?? null;
}

/** As the eye reads it: without what separates, and with digits for the letters that they look like. */
const flatten = (name: string): string =>
  name
    .replace(/[^a-z0-9]/g, "")
    .replaceAll("0", "o")
    .replaceAll("1", "l")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");

const isClose = (one: string, other: string): boolean =>
  one === other ||
  (Math.min(one.length, other.length) >= MIN_CHARS && distance(one, other) <= MAX_DISTANCE);

/** Levenshtein's, row by row; names are short. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MAX_DISTANCE) return MAX_DISTANCE + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of one.split("").entries()) {
    const next = [at + 1];
    for (const [index, theirs] of other.split("").entries())
      next.push(
        Math.min(
          (next[index] ?? 0) + 1,
          (row[index + 1] ?? 0) + 1,
          (row[index] ?? 0) + (letter === theirs ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

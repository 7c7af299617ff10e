import { z } from "zod";
import { defineTool } from "../../core/tool.ts";
import type { SearchHit, SearchService } from "./search-services.ts";

const MAX_RESULTS = 10;
const MAX_SNIPPET_CHARS = 1_500;

/** Asks the services in order until one answers. */
export const webSearch = ({ services }: { readonly services: readonly SearchService[] }) =>
  defineTool({
    name: "web_search",
    description:
      "Search the web. Gives titles, addresses and excerpts; read_url gives a whole page. For what is newer than your memory, and for facts that should be right.",
    label: "Searching the web",
    effect: "read",
    timeoutMs: 45_000,
    input: z.object({
      query: z.string().trim().min(1).max(400),
      max_results: z.int().min(1).max(MAX_RESULTS).default(5),
      search_depth: z
        .enum(["basic", "advanced"])
        .default("basic")
        .describe("advanced takes longer and gives more"),
    }),
    async run({ query, max_results: maxResults, search_depth: depth }, { scope, signal }) {
      const failures: string[] = [];
      for (const service of services) {
        const person = scope.principal.userId;
        const result = await service.search({ query, maxResults, depth }, person, signal);
        if (result.kind === "failed") {
          failures.push(result.says);
          continue;
        }
        const { answer, hits } = result;
        if (hits.length === 0) return { text: `Nothing was found for "${query}".` };
        const summary = answer === null || answer === "" ? [] : [`In short: ${answer}`];
        return {
          text: [...summary, ...hits.map(toEntry)].join("\n\n"),
          taints: [{ source: "web", name: "a web search" }],
          sources: hits.map(({ url }) => url),
        };
      }
      return { text: `The search did not work. ${failures.join(" ")}`, isError: true };
    },
  });

const toEntry = ({ title, url, snippet }: SearchHit, index: number): string =>
  [`${index + 1}. ${oneLine(title, 200)}`, `   ${url}`, `   ${oneLine(snippet, MAX_SNIPPET_CHARS)}`]
    .filter((line) => line.trim() !== "")
    .join("\n");

const oneLine = (text: string, maxChars: number): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > maxChars ? `${line.slice(0, maxChars)}…` : line;
};

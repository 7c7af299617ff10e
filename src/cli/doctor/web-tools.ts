import type { Config } from "../../config.ts";
import { findChromium } from "../../tools/web/browser-home.ts";
import { off, ok, type Check } from "./check.ts";

/** What she searches the web with, and whether she has a browser. Asks nobody: a search may cost money. */
export const checkWebTools = ({ webTools: { search, browser } }: Config): readonly Check[] => [
  {
    name: "web search",
    async run() {
      const services = [
        ...(search.tavilyKey === null ? [] : ["Tavily"]),
        ...(search.braveKey === null ? [] : ["Brave"]),
        ...(search.searxngUrl === null ? [] : ["SearXNG"]),
      ];
      return services.length === 0
        ? off("none of TAVILY_API_KEY, BRAVE_API_KEY and SEARXNG_URL is set")
        : ok(`${services.join(", then ")}; not tried here`);
    },
  },
  {
    name: "browser",
    async run() {
      const path = findChromium(browser);
      return path === null
        ? off("there is no Chromium; install one, or set CLARA_CHROMIUM to where it is")
        : ok(`is at ${path}`);
    },
  },
];

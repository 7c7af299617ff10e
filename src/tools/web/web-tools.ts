import type { EgressProxy, NetFailure, SafeFetch } from "../../core/net.ts";
import type { Tool } from "../../core/tool.ts";
import { findChromium, type BrowserSettings } from "./browser-home.ts";
import { browserTools } from "./browser-tools.ts";
import { createBrowsers } from "./browsers.ts";
import { createReadPage } from "./read-page.ts";
import { readUrl } from "./read-url.ts";
import { brave, searxng, tavily, type SearchService } from "./search-services.ts";
import { webSearch } from "./web-search.ts";

export interface SearchSettings {
  readonly tavilyKey: string | null;
  readonly braveKey: string | null;
  readonly searxngUrl: string | null;
}

/** The way out of the house, as the room net gives it. */
interface WayOut {
  readonly fetch: SafeFetch;
  readonly fetchFrom: (hosts: readonly string[]) => SafeFetch;
  readonly check: (url: string) => Promise<NetFailure | null>;
  readonly openProxy: () => Promise<EgressProxy>;
}

export interface WebTools extends AsyncDisposable {
  readonly tools: readonly Tool[];
}

/** What she can do on the web with what is there: without a key nothing to search with, without Chromium no browser. */
export function createWebTools(
  net: WayOut,
  options: { readonly search: SearchSettings; readonly browser: BrowserSettings },
): WebTools {
  const readPage = createReadPage();
  const browsers = createBrowsers(net, options.browser);
  const services = searchServices(net, options.search);
  const hasBrowser = findChromium(options.browser) !== null;
  return {
    tools: [
      ...(services.length === 0 ? [] : [webSearch({ services })]),
      readUrl({ fetch: net.fetch, readPage }),
      ...(hasBrowser ? browserTools({ browsers, readPage, check: net.check }) : []),
    ],
    [Symbol.asyncDispose]: () => browsers[Symbol.asyncDispose](),
  };
}

/** Those that are set up, in the order in which they are asked. */
function searchServices(
  { fetch, fetchFrom }: WayOut,
  { tavilyKey, braveKey, searxngUrl }: SearchSettings,
): readonly SearchService[] {
  const services: SearchService[] = [];
  if (tavilyKey !== null)
    services.push(tavily({ fetch, baseUrl: "https://api.tavily.com", key: tavilyKey }));
  if (braveKey !== null)
    services.push(brave({ fetch, baseUrl: "https://api.search.brave.com", key: braveKey }));
  if (searxngUrl !== null) {
    // The operator's own, which may well stand in his own network.
    const own = fetchFrom([new URL(searxngUrl).host]);
    services.push(searxng({ fetch: own, baseUrl: searxngUrl, key: null }));
  }
  return services;
}

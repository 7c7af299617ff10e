import type { Page } from "playwright-core";
import type { Tool } from "../src/core/tool.ts";
import { browserTools } from "../src/tools/web/browser-tools.ts";
import type { Browsers } from "../src/tools/web/browsers.ts";
import { readUrl } from "../src/tools/web/read-url.ts";

const OPENINGS = /^(?:read_url|browse_page|screenshot_page|extract_page_data|browser_navigate)$/;

/** The real tools that open an address, before a web in which nothing is found; `onRequest` is told what was asked for. */
export function openingTools(onRequest: (url: string) => void): readonly Tool[] {
  const nothing = { kind: "failure", problem: "unknown-host", says: "There is nothing." } as const;
  const read = readUrl({
    async fetch({ url }) {
      onRequest(url);
      return nothing;
    },
    readPage: async () => null,
  });
  const browser = browserTools({
    browsers,
    readPage: async () => null,
    // Asked before the page goes anywhere, with the address that it would go to.
    async check(url) {
      onRequest(url);
      return nothing;
    },
  });
  return [read, ...browser].filter(({ name }) => OPENINGS.test(name));
}

/** Never used: the check before it fails. */
const noPage = {} as Page;

const browsers: Browsers = {
  once: (_, use) => use(noPage),
  use: (_, __, use) => use(noPage),
  create: async () => false,
  save: async () => {},
  close: async () => false,
  list: () => [],
  [Symbol.asyncDispose]: async () => {},
};

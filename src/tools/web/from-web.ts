import { ADDRESS, readAddress } from "../../agent/outgoing-address.ts";
import type { Explanation, ToolOutput } from "../../core/tool.ts";

/** Addresses as people write them: without a scheme it is https. */
export const wholeUrl = (text: string): string =>
  /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)/.test(text) ? `https://${text}` : text;

export const hostOf = (url: string): string => URL.parse(url)?.hostname ?? "the page";

/** What a page says, marked as its words. */
export const fromPage = (
  url: string,
  text: string,
  more: Pick<ToolOutput, "isError" | "files" | "links"> = {},
): ToolOutput => ({
  text,
  taints: [{ source: "web", name: hostOf(url) }],
  sources: [url],
  ...more,
});

/** Of one page; so many that a list of articles is whole. */
const MAX_LINKS = 300;
const MAX_LINK_CHARS = 2_000;

/**
 * The addresses that a page's words hold, in Markdown or bare. For words that the page wrote and nobody else: what a
 * model asked with must not come back as a link.
 */
export function linksIn(words: string): readonly string[] {
  // Turndown writes round brackets within an address with a stroke before them.
  const found = [...words.replace(/\\([()])/g, "$1").matchAll(ADDRESS)].map(
    ([address]) => readAddress(address).address,
  );
  const fitting = found.filter(
    (address) => /^https?:/i.test(address) && address.length <= MAX_LINK_CHARS,
  );
  return [...new Set(fitting)].slice(0, MAX_LINKS);
}

/** Who is asked about a page is told its whole address, as it would be sent. */
export const explainOpening = (url: string): Explanation => ({
  what: "Open a page",
  target: URL.parse(wholeUrl(url))?.href ?? url,
  reversible: false,
});

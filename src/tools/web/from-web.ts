import type { ToolOutput } from "../../core/tool.ts";

/** Addresses as people write them: without a scheme it is https. */
export const wholeUrl = (text: string): string =>
  /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)/.test(text) ? `https://${text}` : text;

export const hostOf = (url: string): string => URL.parse(url)?.hostname ?? "the page";

/** What a page says, marked as its words. */
export const fromPage = (
  url: string,
  text: string,
  more: Pick<ToolOutput, "isError" | "files"> = {},
): ToolOutput => ({
  text,
  taints: [{ source: "web", name: hostOf(url) }],
  sources: [url],
  ...more,
});

import { z } from "zod";
import type { NetAnswer, SafeFetch } from "../../core/net.ts";
import type { ToolOutput } from "../../core/tool.ts";
import { defineTool } from "../../core/tool.ts";
import type { PageText, ReadPage } from "./read-page.ts";
import { toText } from "./to-text.ts";
import { explainOpening, fromPage, hostOf, linksIn, wholeUrl } from "./from-web.ts";

const MAX_BYTES = 10 * 1024 * 1024;
/** Of a page; more markup than that is no page. */
const MAX_HTML_CHARS = 3_000_000;
const MAX_CHARS = 100_000;
const ACCEPT = "text/html,application/xhtml+xml,application/pdf,text/*;q=0.9,*/*;q=0.5";

interface Deps {
  readonly fetch: SafeFetch;
  readonly readPage: ReadPage;
}

export const readUrl = (deps: Deps) =>
  defineTool({
    name: "read_url",
    description:
      "Read a page, a text file or a PDF on the web: its words, without menus and advertisements. For a link that somebody gave, or that web_search found.",
    label: "Reading a page",
    effect: "read",
    timeoutMs: 60_000,
    input: z.object({
      url: z.string().trim().min(1).max(4_000).describe("For example https://example.com/page"),
      max_length: z
        .int()
        .min(200)
        .max(MAX_CHARS)
        .default(20_000)
        .describe("Characters of its text at most"),
      start: z.int().min(0).max(10_000_000).default(0).describe("Character to begin at"),
    }),
    opens: ({ url }) => [wholeUrl(url)],
    explain: ({ url }) => explainOpening(url),
    async run({ url, max_length: length, start }, { scope, signal }): Promise<ToolOutput> {
      const answer = await deps.fetch({
        url: wholeUrl(url),
        headers: { accept: ACCEPT },
        onBehalfOf: scope.principal.userId,
        maxBytes: MAX_BYTES,
        overflow: "cut",
        signal,
      });
      if (answer.kind === "failure") return { text: answer.says, isError: true };
      const page = await pageOf(deps.readPage, answer, start + length + 1, signal);
      if (page === null)
        return {
          text: `${hostOf(answer.url)} gave ${kindOf(answer)}, which I cannot read as text (status ${answer.status}).`,
          isError: true,
        };
      const shown = page.text.slice(start, start + length);
      const rest =
        page.text.length > start + length
          ? `\n\n[There is more: call again with start ${start + length}.]`
          : "";
      return fromPage(answer.url, [...head(answer, page), "", shown + rest].join("\n"), {
        isError: answer.status >= 400,
        links: linksIn(shown),
      });
    },
  });

const head = ({ url, status, isCut }: NetAnswer, { title, pages }: PageText): string[] => [
  `Address: ${url}`,
  ...(status >= 400 ? [`Status: ${status}, so this is most likely not what was looked for`] : []),
  ...(title === null ? [] : [`Title: ${title.replace(/\s+/g, " ").slice(0, 300)}`]),
  ...(pages === null ? [] : [`PDF, ${pages} pages`]),
  ...(isCut ? ["(Too large: only its beginning was read.)"] : []),
];

/** null for what has no words, or none that can be read. `maxChars` counts from the beginning. */
async function pageOf(
  readPage: ReadPage,
  answer: NetAnswer,
  maxChars: number,
  signal: AbortSignal,
): Promise<PageText | null> {
  const { body, url } = answer;
  const contentType = answer.headers["content-type"] ?? "";
  const kind = kindOf(answer);
  if (kind === "application/pdf") {
    return answer.isCut ? null : readPage({ kind: "pdf", bytes: body, maxChars }, signal);
  }
  if (!isText(kind)) return null;
  const text = toText(body, contentType);
  if (!/html/.test(kind)) return { title: null, text: text.slice(0, maxChars), pages: null };
  return readPage({ kind: "html", html: text.slice(0, MAX_HTML_CHARS), url, maxChars }, signal);
}

const isText = (kind: string): boolean =>
  /^text\/|[/+](?:json|xml|yaml|x-yaml|javascript|x-javascript|x-ndjson|x-sh|sql|toml|rtf)$|html/.test(
    kind,
  );

/** As the header says; of what says nothing, by its first bytes. */
function kindOf({ headers, body }: NetAnswer): string {
  const said = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (Buffer.from(body.subarray(0, 5)).toString("latin1") === "%PDF-") return "application/pdf";
  if (said !== "" && said !== "application/octet-stream") return said;
  return body.subarray(0, 1_000).includes(0) ? "application/octet-stream" : "text/plain";
}

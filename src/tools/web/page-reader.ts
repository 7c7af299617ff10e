/** Runs as a worker of its own: pages are hostile, and what reads them may run away or run out of memory. */
import { parentPort, workerData } from "node:worker_threads";
import type { Readability as Reader } from "@mozilla/readability";
import type TurndownService from "turndown";
import type { HtmlJob, PageText } from "./read-page.ts";

/** Longer pages are read by their words alone. */
const MAX_ELEMENTS = 20_000;

// Whoever started this wrote the job: see read-page.ts.
const job = workerData as HtmlJob;
parentPort?.postMessage((await readHtml(job)) satisfies PageText);

async function readHtml({ html, url, maxChars }: HtmlJob): Promise<PageText> {
  const [{ parseHTML }, { Readability }, { default: Turndown }] = await Promise.all([
    import("linkedom"),
    import("@mozilla/readability"),
    import("turndown"),
  ]);
  // Browsers make a body where a page has none; linkedom does not.
  const page = /<body[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`;
  const { document } = parseHTML(page);
  for (const link of document.querySelectorAll("a[href]"))
    link.setAttribute("href", URL.parse(link.getAttribute("href") ?? "", url)?.href ?? "");
  for (const element of document.querySelectorAll("script, style, noscript, template, svg, iframe"))
    element.remove();
  const title = document.querySelector("title")?.textContent.trim() || null;
  const whole = document.body?.innerHTML ?? html;
  const article = tryReadability(Readability, document);
  // A page that is no article (a list, a form, a table) is better read whole.
  const isArticle = article !== null && article.length > whole.length / 20;
  const turndown = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced" });
  const text = toMarkdown(turndown, isArticle ? article : whole);
  return { title, text: text.slice(0, maxChars), pages: null };
}

function tryReadability(Readability: typeof Reader, document: unknown): string | null {
  try {
    // linkedom's document is a DOM of its own making; Readability uses nothing that it lacks.
    const reader = new Readability(document as ConstructorParameters<typeof Reader>[0], {
      maxElemsToParse: MAX_ELEMENTS,
      charThreshold: 200,
    });
    return reader.parse()?.content ?? null;
  } catch {
    // Too many elements, or a document without a body: the page is read whole.
    return null;
  }
}

function toMarkdown(turndown: TurndownService, html: string): string {
  turndown.addRule("picture", {
    filter: ["img"],
    replacement: (_, node) => {
      const alt = "getAttribute" in node ? (node.getAttribute("alt") ?? "").trim() : "";
      return alt === "" ? "" : `[picture: ${alt}]`;
    },
  });
  turndown.addRule("row", {
    filter: ["tr"],
    replacement: (cells) => `\n|${cells}`,
  });
  turndown.addRule("cell", {
    filter: ["td", "th"],
    replacement: (words) => ` ${words.replace(/\s+/g, " ").trim()} |`,
  });
  turndown.remove(["form", "button", "input", "select", "textarea"].map((name) => name as "form"));
  return turndown
    .turndown(html)
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

import type { Page } from "playwright-core";
import { z } from "zod";
import { audienceKey } from "../../core/principal.ts";
import type { ToolContext, ToolFile, ToolOutput } from "../../core/tool.ts";
import type { NetFailure } from "../../core/net.ts";
import { asError } from "../../lib/as-error.ts";
import { BrowserRefused, type Browsers, type Owner } from "./browsers.ts";
import { fromPage, linksIn, wholeUrl } from "./from-web.ts";
import type { ReadPage } from "./read-page.ts";

export interface BrowserDeps {
  readonly browsers: Browsers;
  readonly readPage: ReadPage;
  /** What would keep this address from being opened; null when nothing would. */
  readonly check: (url: string) => Promise<NetFailure | null>;
}

const MAX_PAGE_MS = 60_000;
const MAX_ELEMENT_MS = 30_000;
/** A whole browser may have to start first. */
export const TOOL_TIMEOUT_MS = 120_000;
const MAX_FULL_HEIGHT = 8_000;
const MAX_SELECTORS = 30;
const MAX_MATCHES = 50;
const MAX_MATCH_CHARS = 2_000;

export const urlInput = z.string().trim().min(1).max(4_000);
export const nameInput = z.string().trim().min(1).max(100).describe("Name of the session");
export const waitInput = z.enum(["load", "domcontentloaded", "networkidle"]).default("load");
export const pageTimeout = z
  .int()
  .min(1)
  .max(MAX_PAGE_MS)
  .default(30_000)
  .describe("Milliseconds to wait for the page");
export const elementTimeout = z
  .int()
  .min(1)
  .max(MAX_ELEMENT_MS)
  .default(10_000)
  .describe("Milliseconds to wait for the element");
export const lengthInput = z.int().min(200).max(100_000).default(20_000);
export const selectorsInput = z
  .record(z.string().max(100), z.string().max(1_000))
  .refine((record) => Object.keys(record).length <= MAX_SELECTORS, `At most ${MAX_SELECTORS}`)
  .describe('CSS selectors by name, for example {"price": ".price"}');

/** Whose session it is: one of a private chat cannot be used where others read. */
export const ownerOf = ({ scope }: ToolContext): Owner => ({
  person: scope.principal.userId,
  key: `${scope.principal.userId}\n${audienceKey(scope.audience)}`,
});

/** Whatever a browser throws becomes words; its own are long, and full of a log that helps nobody. */
export async function inWords(
  signal: AbortSignal,
  work: () => Promise<ToolOutput>,
): Promise<ToolOutput> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BrowserRefused) return { text: error.message, isError: true };
    const [line = ""] = asError(error).message.split("\n");
    return { text: wordsFor(line), isError: true };
  }
}

function wordsFor(line: string): string {
  if (/ERR_(?:TUNNEL|PROXY|NAME_NOT_RESOLVED|CONNECTION|ADDRESS|EMPTY|INVALID_RESPONSE)/.test(line))
    return "The page could not be reached, or it leads to an address that is not on the public internet.";
  if (/ERR_CERT/.test(line)) return "The page's certificate is not valid.";
  if (/Timeout/i.test(line)) return "It took longer than it may.";
  if (/Download is starting/.test(line)) return "That is a download, and no page. Try read_url.";
  if (/has been closed|Target closed/.test(line)) return "The browser was closed meanwhile.";
  return `The browser could not do it: ${line.slice(0, 200)}`;
}

/** Opens an address in a page. A failure in words, or null. */
export async function go(
  { check }: BrowserDeps,
  page: Page,
  url: string,
  how: { readonly waitUntil: z.infer<typeof waitInput>; readonly timeout: number },
): Promise<ToolOutput | null> {
  const whole = wholeUrl(url);
  const failure = await check(whole);
  if (failure) return { text: failure.says, isError: true };
  const response = await page.goto(whole, how);
  // The proxy's own refusal: the page was sent on to where nothing may go.
  return response?.status() === 403 && (await response.headerValue("x-clara-refused")) !== null
    ? { text: wordsFor("ERR_TUNNEL"), isError: true }
    : null;
}

export async function wordsOf(
  { readPage }: BrowserDeps,
  page: Page,
  maxChars: number,
  signal: AbortSignal,
): Promise<ToolOutput> {
  const url = page.url();
  const html = await page.content();
  const read = await readPage({ kind: "html", html, url, maxChars }, signal);
  const title = (await page.title()).replace(/\s+/g, " ").slice(0, 300);
  const text = read?.text ?? (await page.locator("body").innerText()).slice(0, maxChars);
  return fromPage(url, `Address: ${url}\nTitle: ${title}\n\n${text}`, { links: linksIn(text) });
}

export async function extract(
  page: Page,
  selectors: Readonly<Record<string, string>>,
): Promise<ToolOutput> {
  const found: Record<string, readonly string[]> = {};
  for (const [name, selector] of Object.entries(selectors)) {
    const texts = await page.locator(selector).allInnerTexts();
    found[name] = texts.slice(0, MAX_MATCHES).map((text) => text.trim().slice(0, MAX_MATCH_CHARS));
  }
  const url = page.url();
  return fromPage(url, `Address: ${url}\n${JSON.stringify(found, null, 2)}`, {
    // The names are the model's own.
    links: linksIn(Object.values(found).flat().join("\n")),
  });
}

export async function shoot(page: Page, isFull: boolean): Promise<ToolOutput> {
  const height = isFull ? await page.locator("html").evaluate((html) => html.scrollHeight) : 0;
  const { width = 1_280 } = page.viewportSize() ?? {};
  const area =
    isFull && height > MAX_FULL_HEIGHT
      ? { fullPage: true, clip: { x: 0, y: 0, width, height: MAX_FULL_HEIGHT } }
      : { fullPage: isFull };
  const content = await page.screenshot({ type: "png", animations: "disabled", ...area });
  const file: ToolFile = { name: "screenshot.png", contentType: "image/png", content };
  const url = page.url();
  return fromPage(url, `A picture of ${url} goes with the answer.`, { files: [file] });
}

import { z } from "zod";
import type { Tool, ToolContext, ToolOutput } from "../../core/tool.ts";
import { defineTool } from "../../core/tool.ts";
import {
  elementTimeout,
  extract,
  go,
  inWords,
  lengthInput,
  nameInput,
  ownerOf,
  pageTimeout,
  selectorsInput,
  shoot,
  TOOL_TIMEOUT_MS,
  urlInput,
  waitInput,
  wordsOf,
  type BrowserDeps,
} from "./browser-page.ts";
import { explainOpening, wholeUrl } from "./from-web.ts";
import type { Page } from "playwright-core";

type Use = (page: Page) => Promise<ToolOutput>;

/** Pages that need a browser, one at a time and in sessions. */
export function browserTools(deps: BrowserDeps): readonly Tool[] {
  const once = (context: ToolContext, use: Use) =>
    inWords(context.signal, () => deps.browsers.once(ownerOf(context), use, context.signal));
  const inSession = (context: ToolContext, name: string, use: Use) =>
    inWords(context.signal, () => deps.browsers.use(ownerOf(context), name, use, context.signal));
  const read = { effect: "read", timeoutMs: TOOL_TIMEOUT_MS } as const;
  const opening = {
    ...read,
    opens: ({ url }: { readonly url: string }) => [wholeUrl(url)],
    explain: ({ url }: { readonly url: string }) => explainOpening(url),
  };

  return [
    defineTool({
      ...opening,
      name: "browse_page",
      description:
        "Open a page in a real browser and read its words. Slower than read_url: for pages that need scripts.",
      label: "Opening a page",
      input: z.object({
        url: urlInput,
        wait_for: waitInput,
        max_length: lengthInput,
        timeout: pageTimeout,
      }),
      run: ({ url, wait_for: waitUntil, max_length: length, timeout }, context) =>
        once(context, async (page) => {
          const failure = await go(deps, page, url, { waitUntil, timeout });
          return failure ?? (await wordsOf(deps, page, length, context.signal));
        }),
    }),
    defineTool({
      ...opening,
      name: "screenshot_page",
      description: "Show a picture of a page to the person who asks.",
      label: "Taking a picture of a page",
      input: z.object({
        url: urlInput,
        full_page: z.boolean().default(false),
        timeout: pageTimeout,
      }),
      run: ({ url, full_page: isFull, timeout }, context) =>
        once(context, async (page) => {
          const failure = await go(deps, page, url, { waitUntil: "load", timeout });
          return failure ?? (await shoot(page, isFull));
        }),
    }),
    defineTool({
      ...opening,
      name: "extract_page_data",
      description: "Open a page and give the words of the elements that CSS selectors find.",
      label: "Reading parts of a page",
      input: z.object({ url: urlInput, selectors: selectorsInput, timeout: pageTimeout }),
      run: ({ url, selectors, timeout }, context) =>
        once(context, async (page) => {
          const failure = await go(deps, page, url, { waitUntil: "load", timeout });
          return failure ?? (await extract(page, selectors));
        }),
    }),
    defineTool({
      ...read,
      name: "browser_create_session",
      description:
        "Open a browser that stays open between calls, with its own cookies. A saved session of this name goes on.",
      label: "Opening a browser",
      input: z.object({ session_name: nameInput }),
      run: ({ session_name: name }, context) =>
        inWords(context.signal, async () => {
          const wasSaved = await deps.browsers.create(ownerOf(context), name);
          return {
            text: `Session ${name} is open${wasSaved ? ", with what was saved of it" : ""}.`,
          };
        }),
    }),
    defineTool({
      ...opening,
      name: "browser_navigate",
      description: "Go to an address in a session, and read the beginning of the page.",
      label: "Opening a page",
      input: z.object({
        session_name: nameInput,
        url: urlInput,
        wait_for: waitInput,
        timeout: pageTimeout,
      }),
      run: ({ session_name: name, url, wait_for: waitUntil, timeout }, context) =>
        inSession(context, name, async (page) => {
          const failure = await go(deps, page, url, { waitUntil, timeout });
          return failure ?? (await wordsOf(deps, page, BEGINNING_CHARS, context.signal));
        }),
    }),
    defineTool({
      name: "browser_click",
      description: "Click on an element of the session's page.",
      label: "Clicking on a page",
      effect: "outside",
      timeoutMs: TOOL_TIMEOUT_MS,
      input: z.object({ session_name: nameInput, selector: selector(), timeout: elementTimeout }),
      explain: ({ session_name: name, selector: target }) => ({
        what: "Click on a page",
        target: `${target} in the browser session ${name}`,
        reversible: false,
      }),
      run: ({ session_name: name, selector: target, timeout }, context) =>
        inSession(context, name, async (page) => {
          await page.locator(target).first().click({ timeout });
          await page.waitForLoadState("domcontentloaded");
          return wordsOf(deps, page, BEGINNING_CHARS, context.signal);
        }),
    }),
    defineTool({
      name: "browser_type",
      description: "Type into a field of the session's page.",
      label: "Typing on a page",
      effect: "outside",
      timeoutMs: TOOL_TIMEOUT_MS,
      input: z.object({
        session_name: nameInput,
        selector: selector(),
        text: z.string().max(10_000),
        clear_first: z.boolean().default(true),
        press_enter: z.boolean().default(false),
        timeout: elementTimeout,
      }),
      explain: ({ session_name: name, selector: target, text, press_enter: isSent }) => ({
        what: `Type ${JSON.stringify(text)}${isSent ? " and press Enter" : ""}`,
        target: `${target} in the browser session ${name}`,
        reversible: false,
      }),
      run: ({ session_name: name, selector: target, text, timeout, ...how }, context) =>
        inSession(context, name, async (page) => {
          const field = page.locator(target).first();
          if (how.clear_first) await field.fill(text, { timeout });
          else await field.pressSequentially(text, { timeout });
          if (!how.press_enter) return { text: "Typed." };
          await field.press("Enter", { timeout });
          await page.waitForLoadState("domcontentloaded");
          return wordsOf(deps, page, BEGINNING_CHARS, context.signal);
        }),
    }),
    defineTool({
      ...read,
      name: "browser_screenshot_session",
      description: "Show a picture of the session's page to the person who asks.",
      label: "Taking a picture of a page",
      input: z.object({ session_name: nameInput, full_page: z.boolean().default(false) }),
      run: ({ session_name: name, full_page: isFull }, context) =>
        inSession(context, name, (page) => shoot(page, isFull)),
    }),
    defineTool({
      ...read,
      name: "browser_extract_session",
      description:
        "Read the session's page: all its words, or those of the elements that CSS selectors find.",
      label: "Reading a page",
      input: z.object({
        session_name: nameInput,
        selectors: selectorsInput.optional(),
        max_length: lengthInput,
      }),
      run: ({ session_name: name, selectors, max_length: length }, context) =>
        inSession(context, name, (page) =>
          selectors === undefined
            ? wordsOf(deps, page, length, context.signal)
            : extract(page, selectors),
        ),
    }),
    ...endingTools(deps),
  ];
}

/** Of the page after something was done on it; browser_extract_session gives more. */
const BEGINNING_CHARS = 3_000;

const selector = () =>
  z.string().min(1).max(1_000).describe("CSS selector, or text=words for an element with words");

/** What happens to a session as a whole. */
function endingTools({ browsers }: BrowserDeps): readonly Tool[] {
  const write = { effect: "write", timeoutMs: TOOL_TIMEOUT_MS } as const;
  return [
    defineTool({
      ...write,
      name: "browser_save_session",
      description:
        "Keep the session's cookies, so that a session of this name goes on another day.",
      label: "Saving a browser session",
      input: z.object({ session_name: nameInput }),
      run: ({ session_name: name }, context) =>
        inWords(context.signal, async () => {
          await browsers.save(ownerOf(context), name);
          return { text: `Session ${name} is saved.` };
        }),
    }),
    defineTool({
      ...write,
      name: "browser_close_session",
      description: "Close a session; unless keep_storage is true, what was saved of it goes, too.",
      label: "Closing a browser",
      input: z.object({ session_name: nameInput, keep_storage: z.boolean().default(false) }),
      run: ({ session_name: name, keep_storage: keeps }, context) =>
        inWords(context.signal, async () => {
          const wasOpen = await browsers.close(ownerOf(context), name, keeps);
          return { text: wasOpen ? `Session ${name} is closed.` : `Session ${name} was not open.` };
        }),
    }),
    defineTool({
      name: "browser_list_sessions",
      description: "The browser sessions that are open for the person who asks.",
      label: "Looking at the browsers",
      effect: "read",
      timeoutMs: 5_000,
      input: z.object({}),
      run: async (_, context) => {
        const lines = browsers.list(ownerOf(context)).map(({ name, url }) => `- ${name}: ${url}`);
        return { text: lines.length === 0 ? "No session is open." : lines.join("\n") };
      },
    }),
  ];
}

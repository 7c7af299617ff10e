import { randomUUIDv7 } from "node:crypto";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { systemClock } from "../src/core/clock.ts";
import type { Model } from "../src/core/model.ts";
import type { Tool } from "../src/core/tool.ts";
import { createWeb, type RoomState } from "../src/web/index.ts";
import { openBrowser, whyNoBrowser } from "./open-browser.ts";
import { openTestHouse, type TestHouse } from "./open-test-house.ts";
import { recordingWebDeps, webOptions } from "./web-deps.ts";

export interface OpenPlayground extends AsyncDisposable {
  readonly page: Page;
  readonly url: string;
  readonly house: TestHouse;
  /** What the page tried to reach beyond its own house, and what it complained about. */
  readonly outside: readonly string[];
  readonly complaints: readonly string[];
  readonly ask: (text: string) => Promise<void>;
  /** The answer to the question with this index, from 0. */
  readonly answer: (index: number) => Locator;
  /** Resolves when that answer has its figures. */
  readonly ended: (index: number) => Promise<void>;
  /** Closes the web server, and opens it again at the same place. */
  readonly closeWeb: () => Promise<void>;
  readonly openWeb: () => Promise<void>;
}

type Open = (model: Model, tools?: readonly Tool[]) => Promise<OpenPlayground>;

/** Tests of the page in a real browser, over a real house. Skipped with the reason where there is no browser. */
export function describePlayground(name: string, tests: (open: Open) => void): void {
  const why = whyNoBrowser === null ? "" : ` (${whyNoBrowser})`;
  describe.skipIf(whyNoBrowser !== null)(`${name}, in Chromium${why}`, () => {
    const browser = Promise.withResolvers<Browser>();
    beforeAll(async () => {
      browser.resolve(openBrowser());
      await browser.promise;
    });
    afterAll(async () => (await browser.promise).close());
    tests(async (model, tools = []) => openPlayground(await browser.promise, model, tools));
  });
}

const PHONE = { width: 390, height: 700 };
const STEP_TIMEOUT_MS = 10_000;

async function openPlayground(
  browser: Browser,
  model: Model,
  tools: readonly Tool[],
): Promise<OpenPlayground> {
  await using opening = new AsyncDisposableStack();
  const house = opening.use(await openTestHouse(model, tools));
  let web = await serve(house, 0);
  opening.defer(() => web.close());
  const { url } = web;

  const context = await browser.newContext({ viewport: PHONE });
  opening.defer(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  const { outside, complaints } = watch(page, url);
  await page.goto(url);
  await page.locator("#welcome").waitFor();

  const all = opening.move();
  const answer = (index: number) => page.locator(".answer").nth(index);
  return {
    page,
    url,
    house,
    outside,
    complaints,
    answer,
    ended: (index) => answer(index).locator(".figures:not(:empty)").waitFor(),
    async ask(text) {
      await page.getByLabel("Your question").fill(text);
      await page.keyboard.press("Enter");
    },
    closeWeb: () => web.close(),
    async openWeb() {
      web = await serve(house, Number(new URL(url).port));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const rooms: readonly RoomState[] = [
  {
    name: "models",
    isOn: true,
    isWell: true,
    says: "a demo model answers",
    advice: "set ANTHROPIC_API_KEY",
  },
  {
    name: "discord",
    isOn: false,
    isWell: true,
    says: "DISCORD_BOT_TOKEN is not set",
    advice: null,
  },
];

async function serve(house: TestHouse, port: number) {
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const health = async () => ({ status: "ok", isReady: true, isDemo: true, rooms }) as const;
  const deps = { ...recordingWebDeps(), ...house, clock: systemClock, createId: randomUUIDv7 };
  const stop = new AbortController();
  const web = createWeb({ ...deps, health, onListening: resolve }, { ...webOptions, port });
  const running = web.run(stop.signal);
  const url = await listening;
  const close = async () => {
    stop.abort();
    await running;
  };
  return { url, close };
}

function watch(page: Page, url: string) {
  const outside: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => request.url().startsWith(url) || outside.push(request.url()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  return { outside, complaints };
}

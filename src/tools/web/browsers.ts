import type { Browser, BrowserContext, Page } from "playwright-core";
import type { UserId } from "../../core/ids.ts";
import type { EgressProxy } from "../../core/net.ts";
import { createSessionFiles, findChromium, launch, type BrowserSettings } from "./browser-home.ts";

/** Contexts of everybody together; each is a browser of its own with its own cookies. */
const MAX_CONTEXTS = 8;
const MAX_SESSIONS_EACH = 3;
/** Pages that a page may open beside itself. */
const MAX_PAGES = 4;
const VIEWPORT = { width: 1_280, height: 800 };

/** Whose a session is, and where: one of a DM is not there in a channel. */
export interface Owner {
  readonly person: UserId;
  /** Person and audience in one. */
  readonly key: string;
}

/** Words for the model: what keeps the browser from doing it. */
export class BrowserRefused extends Error {
  override readonly name = "BrowserRefused";
}

export interface Browsers extends AsyncDisposable {
  /** A page that nobody has used before, and nobody will use again. */
  readonly once: <Result>(
    owner: Owner,
    use: (page: Page) => Promise<Result>,
    signal: AbortSignal,
  ) => Promise<Result>;
  /** The page of a session; throws BrowserRefused when there is none of this name. */
  readonly use: <Result>(
    owner: Owner,
    name: string,
    use: (page: Page) => Promise<Result>,
    signal: AbortSignal,
  ) => Promise<Result>;
  /** True when something saved was found for it. */
  readonly create: (owner: Owner, name: string) => Promise<boolean>;
  readonly save: (owner: Owner, name: string) => Promise<void>;
  /** False when there was none. */
  readonly close: (owner: Owner, name: string, keepStorage: boolean) => Promise<boolean>;
  readonly list: (owner: Owner) => readonly { readonly name: string; readonly url: string }[];
}

interface Session {
  readonly owner: Owner;
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  timer: NodeJS.Timeout | undefined;
  /** One thing at a time on a page, in the order in which it was asked for. */
  last: Promise<unknown>;
}

interface Running extends AsyncDisposable {
  readonly browser: Browser;
  readonly proxy: EgressProxy;
}

export function createBrowsers(
  { openProxy }: { readonly openProxy: () => Promise<EgressProxy> },
  settings: BrowserSettings,
): Browsers {
  const files = createSessionFiles(settings);
  const sessions = new Map<string, Session>();
  let running: Promise<Running> | null = null;
  let open = 0;
  /** Creating one after the other, so that the bounds hold. */
  let creating: Promise<unknown> = Promise.resolve();

  const start = (): Promise<Running> => {
    running ??= startBrowser(settings, openProxy).then((started) => {
      started.browser.on("disconnected", () => {
        running = null;
        sessions.clear();
        open = 0;
        void started[Symbol.asyncDispose]();
      });
      return started;
    });
    running.catch(() => (running = null));
    return running;
  };

  async function openContext(
    { person }: Owner,
    storage: Awaited<ReturnType<typeof files.load>>,
  ): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
    if (open >= MAX_CONTEXTS) await closeIdlest();
    if (open >= MAX_CONTEXTS)
      throw new BrowserRefused("All browsers are in use. Try again in a minute.");
    open++;
    try {
      const { browser, proxy } = await start();
      const context = await browser.newContext({
        proxy: { server: proxy.url, ...proxy.pass(person) },
        acceptDownloads: false,
        serviceWorkers: "block",
        viewport: VIEWPORT,
        ...(storage === null ? {} : { storageState: storage }),
      });
      context.on("close", () => open--);
      context.on("page", (page) => {
        if (context.pages().length > MAX_PAGES) void page.close();
      });
      return { context, page: await context.newPage() };
    } catch (error) {
      open = Math.max(0, open - 1);
      throw error;
    }
  }

  async function closeIdlest(): Promise<void> {
    const [idle] = [...sessions.values()].filter(({ timer }) => timer !== undefined);
    if (idle) await end(idle);
  }

  async function end(session: Session): Promise<void> {
    clearTimeout(session.timer);
    sessions.delete(keyOf(session.owner, session.name));
    await session.context.close();
  }

  const rest = (session: Session): void => {
    clearTimeout(session.timer);
    session.timer = setTimeout(() => void end(session), settings.idleMs);
    session.timer.unref();
  };

  const find = (owner: Owner, name: string): Session => {
    const session = sessions.get(keyOf(owner, name));
    if (session) return session;
    throw new BrowserRefused(
      `There is no browser session named ${JSON.stringify(name)} here. Make one with browser_create_session.`,
    );
  };

  return {
    async once(owner, use, signal) {
      const { context, page } = await openContext(owner, null);
      try {
        return await untilAborted(context, use(page), signal);
      } finally {
        await context.close();
      }
    },
    async use(owner, name, use, signal) {
      const session = find(owner, name);
      clearTimeout(session.timer);
      session.timer = undefined;
      const done = session.last.then(() =>
        untilAborted(session.context, use(session.page), signal),
      );
      session.last = done.catch(() => {});
      try {
        return await done;
      } finally {
        if (sessions.get(keyOf(owner, name)) === session) rest(session);
      }
    },
    create(owner, name) {
      const made = creating.then(async () => {
        if (sessions.has(keyOf(owner, name)))
          throw new BrowserRefused(
            `A browser session named ${JSON.stringify(name)} is open already.`,
          );
        const own = [...sessions.values()].filter((other) => other.owner.person === owner.person);
        if (own.length >= MAX_SESSIONS_EACH)
          throw new BrowserRefused(
            `${MAX_SESSIONS_EACH} sessions are open already. Close one with browser_close_session.`,
          );
        const storage = await files.load(owner.key, name);
        const opened = await openContext(owner, storage);
        const session = { owner, name, ...opened, timer: undefined, last: Promise.resolve() };
        sessions.set(keyOf(owner, name), session);
        rest(session);
        return storage !== null;
      });
      creating = made.catch(() => {});
      return made;
    },
    async save(owner, name) {
      await files.save(owner.key, name, await find(owner, name).context.storageState());
    },
    async close(owner, name, keepStorage) {
      const session = sessions.get(keyOf(owner, name));
      if (session && keepStorage)
        await files.save(owner.key, name, await session.context.storageState());
      if (!keepStorage) await files.remove(owner.key, name);
      if (session) await end(session);
      return session !== undefined;
    },
    list: (owner) =>
      [...sessions.values()]
        .filter((session) => session.owner.key === owner.key)
        .map(({ name, page }) => ({ name, url: page.url() })),
    async [Symbol.asyncDispose]() {
      for (const { timer } of sessions.values()) clearTimeout(timer);
      // One that did not start has nothing to close.
      const started = await running?.catch(() => null);
      await started?.browser.close();
      await started?.[Symbol.asyncDispose]();
    },
  };
}

const keyOf = (owner: Owner, name: string): string => `${owner.key}\n${name}`;

async function startBrowser(
  settings: BrowserSettings,
  openProxy: () => Promise<EgressProxy>,
): Promise<Running> {
  const path = findChromium(settings);
  if (path === null)
    throw new BrowserRefused(
      "There is no browser on this machine. Whoever runs me can install Chromium.",
    );
  const proxy = await openProxy();
  try {
    const browser = await launch(path, proxy);
    return { browser, proxy, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
  } catch (cause) {
    await proxy[Symbol.asyncDispose]();
    throw new BrowserRefused("The browser did not start.", { cause });
  }
}

/** When nobody waits any more, whatever the page does ends with its context. */
async function untilAborted<Result>(
  context: BrowserContext,
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const onAbort = () => void context.close();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await work;
  } finally {
    signal.removeEventListener("abort", onAbort);
    signal.throwIfAborted();
  }
}

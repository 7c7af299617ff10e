import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import type { EgressProxy } from "../../core/net.ts";

export interface BrowserSettings {
  /** null: looked for at the usual places. */
  readonly executablePath: string | null;
  readonly sessionsDir: string;
  readonly idleMs: number;
}

const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The browser's program; null when there is none. */
export const findChromium = ({
  executablePath,
}: Pick<BrowserSettings, "executablePath">): string | null =>
  (executablePath === null ? PATHS : [executablePath]).find((path) => existsSync(path)) ?? null;

const LAUNCH_TIMEOUT_MS = 30_000;
const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--disable-dev-shm-usage",
  // What does not go through the proxy goes nowhere: no look-up of its own, and no UDP past it.
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
];

/** A browser without a window, whose only way out is the proxy. It gets nothing of our environment. */
export async function launch(executablePath: string, proxy: EgressProxy): Promise<Browser> {
  // Loaded when the first page is opened: it is large, and many houses never need it.
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath,
    args: ARGS,
    // Chromium has no sandbox of its own for root.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { HOME: tmpdir() },
    proxy: { server: proxy.url },
    timeout: LAUNCH_TIMEOUT_MS,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

type Storage = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** What saved sessions know: cookies and the like, a file for each. Names are hashed, since people choose them. */
export function createSessionFiles({ sessionsDir }: Pick<BrowserSettings, "sessionsDir">) {
  const pathOf = (owner: string, name: string) =>
    join(sessionsDir, hash(owner), `${hash(name)}.json`);
  return {
    /** null when nothing was saved, or it cannot be read any more. */
    async load(owner: string, name: string): Promise<Storage | null> {
      try {
        // Written by us, below.
        return JSON.parse(await readFile(pathOf(owner, name), "utf8")) as Storage;
      } catch {
        return null;
      }
    },
    async save(owner: string, name: string, storage: Storage): Promise<void> {
      const path = pathOf(owner, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, JSON.stringify(storage), { mode: 0o600 });
    },
    async remove(owner: string, name: string): Promise<void> {
      await rm(pathOf(owner, name), { force: true });
    },
  };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

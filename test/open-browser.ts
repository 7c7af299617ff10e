import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executablePath = PATHS.find((path) => existsSync(path));
const isRequired = process.env["CLARA_TEST_SERVICES"] === "required";

/** Why tests in a browser are left out here; null when they are to run (and to fail, where one is required). */
export const whyNoBrowser: string | null =
  executablePath === undefined && !isRequired
    ? "not run: there is no Chromium; install it with apt-get install chromium"
    : null;

/** A browser without a window that makes no calls of its own. Throws where there is none. */
export async function openBrowser(): Promise<Browser> {
  if (executablePath === undefined)
    throw new Error(`CLARA_TEST_SERVICES=required, but Chromium is at none of ${PATHS.join(", ")}`);
  return await chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { McpSource } from "../../core/mcp.ts";
import { checkLockFile, type Pinned } from "./lock-file.ts";
import { ciWords, lockWords } from "./npm-words.ts";
import { runWords } from "./run-words.ts";

/** With all that they need, unpacked, and with npm's own cache meanwhile. */
export const MAX_PROGRAM_BYTES = 500 * 1024 * 1024;
const MAX_MS = 300_000;

export interface NpmDeps {
  readonly registry: string;
  /** Where programs are found. */
  readonly path: string;
  /** For the programs that fetch: proxies, certificates. */
  readonly networkEnv: Readonly<Record<string, string>>;
}

/** One package with what it needs, in an empty folder. */
export async function fetchPackage(
  deps: NpmDeps,
  source: Extract<McpSource, { kind: "npm" | "smithery" }>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const pinned = pinnedOf(source);
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "server", private: true }));
  const words = lockWords({ ...pinned, before: source.before }, deps.registry);
  await npm(deps, words, folder, signal);
  await checkLockFile(join(folder, "package-lock.json"), deps.registry, pinned);
  await fetchLocked(deps, folder, signal);
}

const CLI = "@smithery/cli";

const pinnedOf = (source: Extract<McpSource, { kind: "npm" | "smithery" }>): Pinned =>
  source.kind === "npm"
    ? source
    : { package: CLI, version: source.cliVersion, integrity: source.cliIntegrity };

/** What a lock file names, beside it. The folder's settings for npm are not obeyed: they may name programs. */
export async function fetchLocked(
  deps: NpmDeps,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  for (const name of await readdir(folder))
    if (name.toLowerCase() === ".npmrc") await rm(join(folder, name), { recursive: true });
  await checkLockFile(join(folder, "package-lock.json"), deps.registry, null);
  await npm(deps, ciWords(deps.registry), folder, signal);
}

async function npm(
  { path, networkEnv }: NpmDeps,
  words: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const own = join(folder, ".npm-own");
  await runWords(words, {
    cwd: folder,
    env: {
      ...networkEnv,
      PATH: path,
      HOME: own,
      npm_config_cache: join(own, "cache"),
      npm_config_loglevel: "error",
      npm_config_fetch_retries: "2",
      npm_config_fetch_retry_mintimeout: "1000",
      npm_config_fetch_retry_maxtimeout: "5000",
    },
    maxMs: MAX_MS,
    limit: { folder, bytes: MAX_PROGRAM_BYTES },
    signal,
  });
  await rm(own, { recursive: true, force: true });
}

import { lstat, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { McpProblem } from "../../core/mcp-control.ts";
import type { McpSource } from "../../core/mcp.ts";
import { fetchLocked, MAX_PROGRAM_BYTES, type NpmDeps } from "./fetch-npm.ts";
import { cloneWords } from "./git-words.ts";
import { runWords } from "./run-words.ts";

const MAX_MS = 120_000;
/** Nobody's settings, and no questions. */
const ENV = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "/bin/false",
  GIT_LFS_SKIP_SMUDGE: "1",
};

export interface GitDeps extends NpmDeps {
  /** `https://github.com`; settings of git with it, where a test has repositories elsewhere. */
  readonly gitBase: string;
  readonly gitSettings: readonly string[];
}

/** A repository at one commit, with what its lock file names. Nothing is built. */
export async function fetchRepository(
  deps: GitDeps,
  { repository, commit, subfolder }: Extract<McpSource, { kind: "github" }>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const run = (words: readonly string[]) =>
    runWords(words, {
      cwd: folder,
      env: { ...deps.networkEnv, ...ENV, PATH: deps.path, HOME: join(folder, ".git") },
      maxMs: MAX_MS,
      limit: { folder, bytes: MAX_PROGRAM_BYTES },
      signal,
    });
  for (const words of cloneWords(`${deps.gitBase}/${repository}.git`, commit, deps.gitSettings))
    await run(words);
  const head = await run(["git", "rev-parse", "HEAD"]);
  if (head.trim() !== commit)
    throw new McpProblem("refused", "What git fetched is not the commit that was agreed to.");
  await rm(join(folder, ".git"), { recursive: true, force: true });
  await refuseLinks(folder);
  const within = join(folder, subfolder ?? ".");
  if (await needsPackages(within)) await fetchLocked(deps, within, signal);
}

/** A link could lead out of the folder. Git was told to write none; this makes sure. */
async function refuseLinks(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const found = await lstat(join(entry.parentPath, entry.name));
    if (!found.isFile() && !found.isDirectory())
      throw new McpProblem(
        "refused",
        "The repository holds links or the like, which are not taken.",
      );
  }
}

async function needsPackages(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  const read: unknown = JSON.parse(text);
  const needs =
    typeof read === "object" && read !== null && "dependencies" in read ? read.dependencies : null;
  return typeof needs === "object" && needs !== null && Object.keys(needs).length > 0;
}

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const MAX_DIFF_BYTES = 4 * 1024 * 1024;
const MAX_MS = 60_000;
/** Nothing that the folder's own settings could start. */
const QUIET = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

export interface FolderState {
  /** What changed since; "" for nothing, null where it cannot be told. */
  readonly changes: () => Promise<string | null>;
}

/** Remembers a folder under git as it is now, with what is not committed; null where there is no git. */
export async function rememberFolder(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<FolderState | null> {
  const before = await treeOf(folder, env);
  if (before === null) return null;
  return {
    async changes() {
      const after = await treeOf(folder, env);
      return after === null
        ? null
        : git(folder, env, ["diff", "--no-ext-diff", "--no-textconv", "--no-color", before, after]);
    },
  };
}

/** By an index of our own: that of the folder stays as it is. */
async function treeOf(folder: string, env: Readonly<Record<string, string>>) {
  const home = await mkdtemp(join(tmpdir(), "clara-index-"));
  const withIndex = { ...env, GIT_INDEX_FILE: join(home, "index") };
  try {
    const added = await git(folder, withIndex, ["add", "--all", "."]);
    const tree = added === null ? null : await git(folder, withIndex, ["write-tree"]);
    return tree?.trim() ?? null;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function git(
  folder: string,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<string | null> {
  try {
    const bounds = { cwd: folder, env: { ...env }, maxBuffer: MAX_DIFF_BYTES, timeout: MAX_MS };
    const { stdout } = await run("git", [...QUIET, ...words], bounds);
    return stdout;
  } catch {
    return null; // No git, no repository, or far too much.
  }
}

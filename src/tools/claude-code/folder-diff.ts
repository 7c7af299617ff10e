import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const MAX_DIFF_BYTES = 4 * 1024 * 1024;
const MAX_MS = 60_000;
const QUIET = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "safe.bareRepository=explicit",
].flatMap((setting) => ["-c", setting]);
/** Nobody's settings: not the machine's, not those of the user that she runs as. */
const NO_SETTINGS = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
};

type Env = Readonly<Record<string, string>>;

export interface FolderState {
  /** What changed since; "" for nothing, null where it cannot be told. */
  readonly changes: () => Promise<string | null>;
  readonly forget: () => Promise<void>;
}

/**
 * Remembers a folder under git as it is now, with what is not committed; null where there is no git. By a repository of
 * our own beside it: the folder's settings may name programs (filters, for one), which git would run without asking.
 */
export async function rememberFolder(folder: string, given: Env): Promise<FolderState | null> {
  const env = { ...given, ...NO_SETTINGS };
  const top = await topOf(folder, env);
  if (top === null) return null;
  const home = await mkdtemp(join(tmpdir(), "clara-changes-"));
  const forget = () => rm(home, { recursive: true, force: true });
  const repository = join(home, "git");
  const own = { ...env, GIT_DIR: repository, GIT_WORK_TREE: top };
  await git(folder, env, ["init", "--quiet", "--bare", "--template=", repository]);
  const before = await treeOf(folder, own, join(home, "before"));
  if (before === null) {
    await forget();
    return null;
  }
  return {
    async changes() {
      const after = await treeOf(folder, own, join(home, "after"));
      const bounds = ["--no-ext-diff", "--no-textconv", "--no-color"];
      return after === null ? null : git(folder, own, ["diff", ...bounds, before, after]);
    },
    forget,
  };
}

/** It reads the folder's settings and runs nothing that they name, so it does not matter whose folder it is. */
async function topOf(folder: string, env: Env): Promise<string | null> {
  const said = await git(folder, env, ["-c", "safe.directory=*", "rev-parse", "--show-toplevel"]);
  return said?.replace(/\n$/, "") ?? null;
}

/** With an index that is new each time: to renew one, git would ask repositories within the folder for their state. */
async function treeOf(folder: string, own: Env, index: string): Promise<string | null> {
  const env = { ...own, GIT_INDEX_FILE: index };
  const added = await git(folder, env, ["add", "--all", "."]);
  const tree = added === null ? null : await git(folder, env, ["write-tree"]);
  return tree?.trim() ?? null;
}

async function git(folder: string, env: Env, words: readonly string[]): Promise<string | null> {
  try {
    const bounds = { cwd: folder, env: { ...env }, maxBuffer: MAX_DIFF_BYTES, timeout: MAX_MS };
    const { stdout } = await run("git", [...QUIET, ...words], bounds);
    return stdout;
  } catch {
    return null; // No git, no repository, or far too much.
  }
}

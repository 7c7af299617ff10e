import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { readFileEntries, type FileServer } from "./read-entry.ts";

export interface ReadFiles {
  readonly servers: readonly (FileServer & { readonly file: string })[];
  /** In words, one for each file or server that cannot be taken. */
  readonly problems: readonly string[];
  /** False when the folder itself is not there. */
  readonly isThere: boolean;
}

const MAX_FILES = 200;
const MAX_BYTES = 1024 * 1024;

/** All files of the operator's folder: `*.json`, `local/<name>/config.json`, `remote/<name>/config.json`. */
export async function readFiles(
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<ReadFiles> {
  const files = await filesIn(folder);
  if (files === null) return { servers: [], problems: [], isThere: false };
  const servers = new Map<string, FileServer & { readonly file: string }>();
  const problems: string[] = [];
  for (const { path, fallback } of files.slice(0, MAX_FILES)) {
    const file = relative(folder, path);
    const text = await textOf(path);
    const entries = text === null ? [] : readFileEntries(text, fallback, variables);
    if (text === null) problems.push(`${file}: it cannot be read, or is larger than 1 MB`);
    for (const entry of entries) {
      if (entry.kind === "problem") problems.push(`${file}: ${entry.says}`);
      else if (servers.has(entry.server.name))
        problems.push(
          `${file}: \`${entry.server.name}\` stands in another file, too; that one counts`,
        );
      else servers.set(entry.server.name, { ...entry.server, file });
    }
  }
  if (files.length > MAX_FILES)
    problems.push(`There are more than ${MAX_FILES} files; the others were left out`);
  return { servers: [...servers.values()], problems, isThere: true };
}

interface ConfigFile {
  readonly path: string;
  readonly fallback: string;
}

async function filesIn(folder: string): Promise<readonly ConfigFile[] | null> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) return null;
  const top = names
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .map((name) => ({ path: join(folder, name), fallback: name.replace(/\.json$/, "") }));
  const below = await Promise.all(
    ["local", "remote"].map(async (kind) => {
      const servers = await readdir(join(folder, kind)).catch(() => []);
      return servers
        .filter((name) => !name.startsWith("."))
        .map((name) => ({ path: join(folder, kind, name, "config.json"), fallback: name }));
    }),
  );
  const isThere = await Promise.all(
    below.flat().map(({ path }) =>
      stat(path).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  return [...top, ...below.flat().filter((_, index) => isThere[index])].toSorted((one, other) =>
    one.path < other.path ? -1 : 1,
  );
}

async function textOf(path: string): Promise<string | null> {
  const { size } = await stat(path).catch(() => ({ size: Number.POSITIVE_INFINITY }));
  return size > MAX_BYTES ? null : readFile(path, "utf8").catch(() => null);
}

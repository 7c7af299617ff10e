import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { BackupShelf } from "../core/backup.ts";

/** Copies as files of this machine, readable by nobody else on it. */
export function createDiskShelf(folder: string): BackupShelf {
  const pathOf = (name: string): string => {
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(name) || name.split("/").includes(".."))
      throw new Error(`${name} is no name of a part of a copy`);
    return join(folder, name);
  };
  return {
    async put(name, content) {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const fresh = `${path}.new`;
      try {
        await using file = await open(fresh, "w", 0o600);
        await file.writeFile(content);
        await file.sync();
        await rename(fresh, path);
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    },
    async get(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if (isNotThere(error)) return null;
        throw error;
      }
    },
    async names(prefix) {
      const found = await allFiles(folder);
      return found.filter((name) => name.startsWith(prefix)).toSorted();
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

async function allFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".new"))
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, "/"));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

const isNotThere = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

import { readdir, readFile, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { BackupShelf } from "../core/backup.ts";
import { isNotThere, UNFINISHED, writeWhole } from "../lib/write-whole.ts";

/** Copies as files of this machine, readable by nobody else on it. */
export function createDiskShelf(folder: string): BackupShelf {
  const pathOf = (name: string): string => {
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(name) || name.split("/").includes(".."))
      throw new Error(`${name} is no name of a part of a copy`);
    return join(folder, name);
  };
  return {
    put: async (name, content) => writeWhole(pathOf(name), content),
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
    remove: async (name) => rm(pathOf(name), { force: true }),
  };
}

async function allFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, "/"));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Blobs } from "../core/files.ts";
import { checkedBlobId } from "./blob-id.ts";

/** Bytes as files of this machine, readable by nobody else on it. A put is whole or not there. */
export function createDiskBlobs(folder: string): Blobs {
  const pathOf = (id: string): string => join(folder, checkedBlobId(id).slice(0, 2), id);
  return {
    async put(id, content) {
      const path = pathOf(id);
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
    async get(id) {
      try {
        return await readFile(pathOf(id));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
    async remove(id) {
      const path = pathOf(id);
      // Also what a put that died has left behind.
      await rm(`${path}.new`, { force: true });
      await rm(path, { force: true });
    },
  };
}

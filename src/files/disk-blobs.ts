import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Blobs } from "../core/files.ts";
import { isNotThere, UNFINISHED, writeWhole } from "../lib/write-whole.ts";
import { checkedBlobId } from "./blob-id.ts";

/** Bytes as files of this machine, readable by nobody else on it. A put is whole or not there. */
export function createDiskBlobs(folder: string): Blobs {
  const pathOf = (id: string): string => join(folder, checkedBlobId(id).slice(0, 2), id);
  return {
    put: async (id, content) => writeWhole(pathOf(id), content),
    async get(id) {
      try {
        return await readFile(pathOf(id));
      } catch (error) {
        if (isNotThere(error)) return null;
        throw error;
      }
    },
    async remove(id) {
      const path = pathOf(id);
      // Also what a put that died has left behind.
      await rm(`${path}${UNFINISHED}`, { force: true });
      await rm(path, { force: true });
    },
  };
}

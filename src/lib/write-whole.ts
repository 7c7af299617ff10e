import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** The end of the name of a file that is not whole yet: what died in between is left under it. */
export const UNFINISHED = ".new";

/** Writes a file, and the folders it is in, for its owner alone. It is whole on the disk, or not there under its name. */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}${UNFINISHED}`;
  try {
    await using file = await open(fresh, "w", 0o600);
    await file.writeFile(content);
    await file.sync();
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

export const isNotThere = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === "ENOENT";

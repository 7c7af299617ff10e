import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Config } from "../../config.ts";
import { broken, off, ok, warning, type Check } from "./check.ts";

const GIGABYTE = 1e9;
/** The embedded database with its log of changes fits into this for a while. */
const LOW_BYTES = 2 * GIGABYTE;
const LEAST_BYTES = 0.3 * GIGABYTE;

/** Space and rights where the embedded database lives, or will live. */
export const checkDisk = (
  { dataDir, store }: Pick<Config, "dataDir" | "store">,
  freeBytesIn: (folder: string) => Promise<number> = freeBytes,
): Check => ({
  name: "disk",
  async run() {
    if (store.kind === "server") return off("the data is in PostgreSQL");
    const folder = await existing(resolve(dataDir));
    if (!(await isWritable(folder)))
      return broken(
        `${folder} cannot be written`,
        "Give this user the right to write there, or set CLARA_DATA_DIR to another folder.",
      );
    const free = await freeBytesIn(folder);
    const says = `${(free / GIGABYTE).toFixed(1)} GB free in ${folder}`;
    const advice = "Free some space, or set CLARA_DATA_DIR to a folder on a larger disk.";
    if (free < LEAST_BYTES) return broken(says, advice);
    return free < LOW_BYTES ? warning(says, advice) : ok(says);
  },
});

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The folder itself, or the nearest one above it: it is made at the first start. */
async function existing(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    return existing(dirname(folder)); // Ends at the root, which is always there.
  }
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

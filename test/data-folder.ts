import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

export interface DataFolder extends AsyncDisposable {
  readonly dataDir: string;
}

/** A folder with nothing in it. */
export async function emptyFolder(): Promise<DataFolder> {
  const dataDir = await mkdtemp(join(tmpdir(), "clara-data-"));
  return {
    dataDir,
    [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** A data folder as a program before left it, with a migrated database: made in no time, unlike a first boot. */
export async function usedFolder(): Promise<DataFolder> {
  const folder = await emptyFolder();
  const db = join(folder.dataDir, "db");
  await mkdir(db, { mode: 0o700 });
  await promisify(execFile)("tar", ["-xf", inject("dumpFile"), "-C", db]);
  return folder;
}

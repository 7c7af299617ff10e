import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The data folder is in use by another process. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

const SQLITE_BUSY = 5;

/**
 * Takes the data folder for this process: PGlite has no lock of its own, and two writers lose rows without a word.
 * Throws FolderInUse while another process has it.
 *
 * Node offers locks of the operating system through SQLite only, so the lock is a transaction that is never used on a
 * database that stays empty. It ends with the process, whatever ends that, and holds between containers of one machine,
 * where process numbers mean nothing. Nothing else may open the file: to close it anywhere in this process frees it.
 */
export async function lockFolder(dataDir: string): Promise<AsyncDisposable> {
  const pidFile = join(dataDir, "clara.pid");
  const lock = new DatabaseSync(join(dataDir, "clara.lock"));
  try {
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    const pid = await readFile(pidFile, "utf8").catch(() => "unknown"); // Only for the words.
    throw new FolderInUse(
      `Another Clara (process ${pid}) uses the data folder ${dataDir}. Stop it, or set CLARA_DATA_DIR to another folder.`,
    );
  }
  await writeFile(pidFile, String(process.pid));
  return {
    async [Symbol.asyncDispose]() {
      lock.close();
    },
  };
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;

import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The data folder is in use by another process. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

/**
 * Takes the data folder for this process: PGlite has no lock of its own, and two writers lose rows without a word.
 * Throws FolderInUse while another process has it.
 *
 * Node offers locks of the operating system through SQLite only, so the lock is a transaction that is never used, on a
 * database that stays empty. It ends with the process, whatever ends that, and holds between containers of one machine,
 * where process numbers mean nothing. Nothing else may open the file: closing it anywhere in this process frees it.
 */
export async function lockFolder(dataDir: string): Promise<AsyncDisposable> {
  const pidFile = join(dataDir, "clara.pid");
  const lock = await tryLock(join(dataDir, "clara.lock")).catch((cause: unknown) => {
    throw new Error(
      `The data folder ${dataDir} cannot be locked. Set CLARA_DATA_DIR to a local folder that this user may write.`,
      { cause },
    );
  });
  // The number is for the words only.
  if (lock === null) {
    const pid = await readFile(pidFile, "utf8").catch(() => "unknown");
    throw new FolderInUse(
      `Another Clara (process ${pid}) uses the data folder ${dataDir}. Stop it, or set CLARA_DATA_DIR to another folder.`,
    );
  }
  await writeFile(pidFile, String(process.pid)).catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      lock.close();
    },
  };
}

/** null when another process has it. */
async function tryLock(file: string): Promise<DatabaseSync | null> {
  const lock = new DatabaseSync(file);
  try {
    // Without a journal in memory there would be one beside the file.
    lock.exec("pragma journal_mode = memory; begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    const code = error instanceof Error && "errcode" in error ? error.errcode : null;
    if (code === SQLITE_BUSY) return null;
    if (code !== SQLITE_NOTADB) throw error;
    // Something else stands in the file, so that nobody can hold it.
    await truncate(file);
    return tryLock(file);
  }
}

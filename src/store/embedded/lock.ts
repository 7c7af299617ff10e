import { readFileSync } from "node:fs";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** Two that take over a stale lock at once both see the last one's name after this time. */
const SETTLE_MS = 60;

const holder = z.object({
  pid: z.int().positive(),
  /** The machine's boot; null where the system does not tell. */
  bootId: z.string().nullable(),
  /** When the process began, in clock ticks since boot; null where the system does not tell. */
  startTicks: z.string().nullable(),
});
type Holder = z.infer<typeof holder>;

/** The data folder is in use by another process. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

/**
 * Takes the data folder for this process: PGlite has no lock of its own, and two writers lose rows without a word.
 * A lock whose process is gone, also by a reboot or when its number belongs to somebody else by now, is taken over.
 */
export async function lockFolder(dataDir: string): Promise<AsyncDisposable> {
  const path = join(dataDir, "clara.lock");
  const own = describeProcess(process.pid);
  if (!own) throw new Error("This process cannot be described");
  const text = JSON.stringify(own);
  if (!(await create(path, text))) await takeOver(path, dataDir, text);
  return {
    async [Symbol.asyncDispose]() {
      if ((await readFile(path, "utf8").catch(() => "")) === text) await rm(path, { force: true });
    },
  };
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    await using file = await open(path, "wx", 0o600);
    await file.writeFile(text);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function takeOver(path: string, dataDir: string, text: string): Promise<void> {
  await refuseLiving(path, dataDir);
  const waiting = `${path}.${process.pid}`;
  await writeFile(waiting, text, { mode: 0o600 });
  await refuseLiving(path, dataDir);
  await rename(waiting, path);
  await sleep(SETTLE_MS);
  if ((await readFile(path, "utf8")) !== text) await refuseLiving(path, dataDir);
}

async function refuseLiving(path: string, dataDir: string): Promise<void> {
  const found = await read(path);
  if (found && isLiving(found))
    throw new FolderInUse(
      `Another Clara (process ${found.pid}) uses the data folder ${dataDir}. Stop it, or set CLARA_DATA_DIR to another folder.`,
    );
}

/** null when there is no lock, or it is torn: whoever wrote it died in the middle. */
async function read(path: string): Promise<Holder | null> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    return holder.parse(JSON.parse(text));
  } catch {
    return null; // Not a lock that anybody holds.
  }
}

function isLiving({ pid, bootId, startTicks }: Holder): boolean {
  const now = describeProcess(pid);
  return now !== null && now.bootId === bootId && now.startTicks === startTicks;
}

/** null when there is no such process. */
function describeProcess(pid: number): Holder | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return null;
  }
  const bootId = readOrNull("/proc/sys/kernel/random/boot_id");
  const stat = readOrNull(`/proc/${pid}/stat`);
  // The program's name stands in brackets and may hold blanks; field 22 is the 20th after it.
  const startTicks = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  return { pid, bootId, startTicks };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null; // Not on this system.
  }
}

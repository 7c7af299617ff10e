import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newMasterKey, toMasterKey, type MasterKey } from "../lib/seal.ts";

const NAME = "secret.key";
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/**
 * The master key of an embedded store, in a file beside it that only its owner can read; made when there is none.
 * A backup of the folder holds both: whoever wants them apart sets CLARA_SECRET_KEYS. Throws words that say what to do.
 */
export async function openKeyFile(dataDir: string): Promise<MasterKey> {
  const path = join(dataDir, NAME);
  await mkdir(dataDir, { recursive: true });
  const text = (await read(path)) ?? (await make(path));
  const key = toMasterKey(text.trim());
  if (!key)
    throw new Error(
      `${path} holds no key of 32 bytes. Put the right one back; without it, secrets that people entered cannot be opened.`,
    );
  if (process.platform !== "win32" && ((await stat(path)).mode & OTHERS) !== 0)
    throw new Error(`Others may read ${path}. Take that right away: chmod 600 ${path}`);
  return key;
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Written whole before it has its name. Of two that start at once, the first one's key is the key. */
async function make(path: string): Promise<string> {
  const key = newMasterKey();
  const draft = `${path}.${process.pid}.${key.slice(0, 8)}`;
  try {
    await writeFile(draft, `${key}\n`, { mode: OWNER_ONLY, flush: true, flag: "wx" });
    await link(draft, path);
    return key;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      return await readFile(path, "utf8");
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

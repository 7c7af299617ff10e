import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants, mkdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const FIRST_BOOT_TIMEOUT_MS = 120_000;
/** From linux/magic.h: NFS, SMB1, SMB2, CIFS. */
const NETWORK_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x6969, 0x517b, 0xfe534d42, 0xff534d42]);

/**
 * The folder of the embedded database within `dataDir`, made when it is not there yet. The first boot needs a gigabyte
 * of memory for a few seconds, so it happens in a process that gives it back; a half-made folder is never used.
 */
export async function prepareFolder(dataDir: string): Promise<string> {
  const folder = join(dataDir, "db");
  if (existsSync(join(folder, "PG_VERSION"))) return folder;
  const unfinished = join(dataDir, "db.unfinished");
  await rm(unfinished, { recursive: true, force: true });
  const program = fileURLToPath(new URL("first-boot.ts", import.meta.url));
  const arguments_ = ["--disable-warning=ExperimentalWarning", program, unfinished];
  await promisify(execFile)(process.execPath, arguments_, {
    timeout: FIRST_BOOT_TIMEOUT_MS,
    env: {},
  }).catch((error: unknown) => {
    throw new Error(
      `The embedded database could not be made in ${dataDir}: is there space, and may this user write there?`,
      { cause: error instanceof Error ? error.message.slice(0, 300) : error },
    );
  });
  await rename(unfinished, folder);
  return folder;
}

/** Makes the data folder; throws with words when it cannot be made, or is no place for a database. */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.W_OK);
  } catch (error) {
    throw new Error(
      `The data folder ${dataDir} cannot be written. Set CLARA_DATA_DIR to a folder that this user may write.`,
      { cause: error },
    );
  }
  await refuseNetworkFileSystem(dataDir);
}

async function refuseNetworkFileSystem(dataDir: string): Promise<void> {
  const { type } = await statfs(dataDir);
  if (NETWORK_FILE_SYSTEMS.has(type))
    throw new Error(
      `${dataDir} is on a network file system, where the embedded database loses data. Set CLARA_DATA_DIR to a local folder, or DATABASE_URL to a PostgreSQL server.`,
    );
}

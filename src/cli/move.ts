import { join } from "node:path";
import { backupDeps, backupOptions } from "../app/backups.ts";
import { createDiskShelf, makeBackup, restoreBackup } from "../backup/index.ts";
import { loadConfig } from "../config.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { createLog } from "../lib/log.ts";
import type { BackupDeps } from "./backup.ts";
import { openConfigured } from "./open-configured.ts";

const USAGE = `clara move postgresql://user:password@host:5432/name
                   everything from the database of the settings into that one, which must be empty
clara move FOLDER  the same into an embedded database there
`;

/** `clara move`: from one size of database to the other. What is moved stays where it was, too. */
export async function move(deps: BackupDeps, args: readonly string[]): Promise<ExitCode> {
  const [target, ...more] = args;
  const { machine } = deps;
  if (target === undefined || more.length > 0 || target.startsWith("-")) {
    machine.errors.write(USAGE);
    return EXIT.usage;
  }
  const from = loadConfig(machine.env);
  const to = loadConfig(
    /^postgres(ql)?:/.test(target)
      ? { ...machine.env, DATABASE_URL: target }
      : { ...machine.env, DATABASE_URL: "", CLARA_DATA_DIR: target },
  );
  const log = createLog({ level: "error", secrets: () => to.secrets }, machine.errors);
  const never = new AbortController().signal;
  // A copy like any other, so that it can be brought back if the move is not the end of it.
  const shelf = createDiskShelf(join(from.dataDir, "backups"));
  const manifest = await copyAll(deps, from, shelf, never);
  await using empty = await deps.openEmptyStore({ log }, to.store);
  // Files lie where the settings say, whatever the database is.
  const { rows } = await restoreBackup({ shelf, rows: empty.rows, files: null }, manifest, never);
  machine.output.write(`${rows} rows are there now. ${nextSteps(from.store.kind, to.store.kind)}`);
  return EXIT.ok;
}

async function copyAll(
  deps: BackupDeps,
  from: ReturnType<typeof loadConfig>,
  shelf: ReturnType<typeof createDiskShelf>,
  signal: AbortSignal,
) {
  await using store = await openConfigured(deps, from);
  const options = { ...backupOptions(from), withSecrets: true, why: "move" } as const;
  return await makeBackup({ ...backupDeps(from, store.rows), shelf }, options, signal);
}

function nextSteps(from: "embedded" | "server", to: "embedded" | "server"): string {
  if (to === "embedded") return "Set CLARA_DATA_DIR to that folder and DATABASE_URL to nothing.\n";
  const key =
    from === "embedded"
      ? " If CLARA_SECRET_KEYS is not set, set it to what stands in secret.key of the old data folder: it opens what people entered to be kept secret."
      : "";
  return `Set DATABASE_URL to that address.${key}\n`;
}

import type { Backups, BackupShelf, BackupState, BackupSummary } from "../core/backup.ts";
import { asError } from "../lib/as-error.ts";
import { makeBackup, type MakeDeps, type MakeOptions } from "./make-backup.ts";
import type { Manifest } from "./manifest.ts";
import { listBackups, openBackup, verifyBackup } from "./read-backup.ts";
import { tidyBackups } from "./tidy-backups.ts";

export interface BackupsOptions extends Omit<MakeOptions, "why"> {
  readonly keptDays: number;
  readonly where: string;
  readonly nextAt: () => Date | null;
}

/** All that is done with copies while she runs. One is made at a time. */
export function openBackups(deps: MakeDeps, options: BackupsOptions): Backups {
  const { shelf, clock } = deps;
  let running: Promise<BackupSummary> | null = null;
  let lastTry: BackupState["lastTry"] = null;

  async function make(why: BackupSummary["why"], signal: AbortSignal): Promise<BackupSummary> {
    const at = clock.now();
    try {
      const manifest = await makeBackup(deps, { ...options, why }, signal);
      await readBack(shelf, manifest, signal);
      await tidyBackups(shelf, clock.now(), options.keptDays);
      lastTry = { at, problem: null };
      return toSummary(manifest);
    } catch (error) {
      lastTry = { at, problem: asError(error).message };
      throw error;
    }
  }

  return {
    async make(why, signal) {
      if (running) throw new Error("A copy is being made already.");
      running = make(why, signal).finally(() => {
        running = null;
      });
      return running;
    },
    async list(limit) {
      const ids = (await listBackups(shelf)).slice(0, limit);
      const manifests = await Promise.all(ids.map((id) => openBackup(shelf, id)));
      return manifests.map(toSummary);
    },
    state: () => ({
      where: options.where,
      nextAt: options.nextAt(),
      keptDays: options.keptDays,
      isRunning: running !== null,
      lastTry,
    }),
  };
}

/** A copy that cannot be read back is none. */
async function readBack(
  shelf: BackupShelf,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const problems = await verifyBackup(shelf, manifest, signal);
  if (problems.length > 0)
    throw new Error(`The copy was written and cannot be read back: ${problems[0]}`);
}

const toSummary = ({ id, madeAt, why, parts, files, hasSecrets }: Manifest): BackupSummary => ({
  id,
  madeAt: new Date(madeAt),
  why,
  rows: parts.reduce((sum, { rows }) => sum + rows, 0),
  files: files.length,
  sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  hasSecrets,
});

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createBackupClock,
  createDiskShelf,
  makeBackup,
  nextTime,
  openBackups,
  type MakeDeps,
  type MakeOptions,
} from "../backup/index.ts";
import type { Config } from "../config.ts";
import { CopyBusy, type Backups, type BackupShelf, type RowSource } from "../core/backup.ts";
import { systemClock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { createS3Bucket } from "../files/index.ts";
import { pause } from "../lib/pause.ts";
import type { Store } from "../store/index.ts";
import { openBlobs } from "./files.ts";

type BackupConfig = Pick<Config, "backups" | "files" | "version" | "shown" | "store">;

/** Where copies lie by these settings. */
export function openShelf({ backups: { place } }: Pick<Config, "backups">): BackupShelf {
  if (place.kind === "folder") return createDiskShelf(place.dir);
  const { keys, ...bucket } = createS3Bucket({ fetch: globalThis.fetch, sleep }, place.s3);
  return { ...bucket, names: keys };
}

export const backupDeps = (config: BackupConfig, rows: RowSource): MakeDeps => ({
  rows,
  files: openBlobs(config.files),
  shelf: openShelf(config),
  clock: systemClock,
  createId: randomUUID,
});

export const backupOptions = ({
  backups,
  version,
  shown,
  store,
}: BackupConfig): Omit<MakeOptions, "why"> => ({
  version,
  database: store.kind,
  withSecrets: backups.withSecrets,
  settings: shown,
});

/** Copies while she runs, and what makes them by itself. */
export function openCopies(
  config: BackupConfig,
  store: Pick<Store, "rows">,
  log: Log,
): { readonly backups: Backups; readonly services: readonly Service[] } {
  const { schedule, keptDays, place } = config.backups;
  const backups = openBackups(backupDeps(config, store.rows), {
    ...backupOptions(config),
    keptDays,
    where: place.kind === "folder" ? "a folder of this machine" : "a bucket",
    nextAt: () => schedule && nextTime(schedule, systemClock.now()),
  });
  if (schedule === null) return { backups, services: [] };
  const deps = { backups, clock: systemClock, sleep: pause, log: log.child({ room: "backup" }) };
  return { backups, services: [createBackupClock(deps, schedule)] };
}

/** Makes a copy of a database that a newer program is about to change. Throws words that say what to do. */
export const copyBeforeUpgrade =
  (config: BackupConfig, log: Log) =>
  async (rows: RowSource): Promise<void> => {
    try {
      const options = { ...backupOptions(config), why: "upgrade" } as const;
      const never = new AbortController().signal;
      const { id } = await makeBackup(backupDeps(config, rows), options, never);
      log.info({ backupId: id }, "backup-made");
    } catch (error) {
      // It waits for the same upgrade: what it copies is what this one would.
      if (error instanceof CopyBusy) return;
      throw new Error(
        "The database is to be changed for this version, and the copy before it could not be made. Look at BACKUP_LOCAL_DIR or BACKUP_S3_BUCKET, or set BACKUP_BEFORE_UPGRADE=off. Nothing was changed.",
        { cause: error },
      );
    }
  };

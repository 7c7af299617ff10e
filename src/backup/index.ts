/** The front door of the room. */
export { createBackupClock, nextTime, type BackupSchedule } from "./backup-clock.ts";
export { createDiskShelf } from "./disk-shelf.ts";
export { makeBackup, type MakeDeps, type MakeOptions } from "./make-backup.ts";
export type { Manifest } from "./manifest.ts";
export { openBackups } from "./open-backups.ts";
export { listBackups, openBackup, verifyBackup } from "./read-backup.ts";
export { restoreBackup } from "./restore-backup.ts";

import type { BackupShelf } from "../core/backup.ts";
import { fileName, madeAtOf, manifestName } from "./manifest.ts";
import { listBackups, openBackup } from "./read-backup.ts";

const DAY_MS = 86_400_000;
/** So long after its first part a copy without a manifest is one that died. */
const UNFINISHED_MS = DAY_MS;

/**
 * Removes copies older than `keepDays`, but never the newest one, then what no copy needs any more. Gives how many
 * copies went.
 */
export async function tidyBackups(
  shelf: BackupShelf,
  now: Date,
  keepDays: number,
): Promise<number> {
  const [, ...others] = await listBackups(shelf);
  const old = others.filter((id) => ageMs(id, now) > keepDays * DAY_MS);
  for (const id of old) {
    // First of all what makes it a copy.
    await shelf.remove(manifestName(id));
  }
  const whole = await listBackups(shelf);
  const needed = await filesNeeded(shelf, whole);
  const names = await shelf.names("");
  const isUnfinished = (id: string) => madeAtOf(id) !== null && !whole.includes(id);
  // A copy that somebody makes now may have put files that no manifest names yet.
  const isBusy = names.map(folderOf).some((id) => isUnfinished(id) && !isDead(id, old, now));
  for (const name of names) {
    const id = folderOf(name);
    const isLeftOver = isUnfinished(id) && isDead(id, old, now);
    const isUnneeded = id === "files" && !isBusy && !needed.has(name);
    if (isLeftOver || isUnneeded) await shelf.remove(name);
  }
  return old.length;
}

/** The first half of a name. */
const folderOf = (name: string): string => name.split("/")[0] ?? "";

const ageMs = (id: string, now: Date): number => now.getTime() - (madeAtOf(id)?.getTime() ?? 0);

const isDead = (id: string, old: readonly string[], now: Date): boolean =>
  old.includes(id) || ageMs(id, now) > UNFINISHED_MS;

async function filesNeeded(
  shelf: BackupShelf,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const needed = new Set<string>();
  for (const id of ids) {
    const { files } = await openBackup(shelf, id);
    for (const { sha256 } of files) needed.add(fileName(sha256));
  }
  return needed;
}

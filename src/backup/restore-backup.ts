import type { BackupShelf, RowTarget } from "../core/backup.ts";
import { sha256Of } from "./make-backup.ts";
import { fileName, type Manifest } from "./manifest.ts";
import { rowsOf, verifyBackup } from "./read-backup.ts";

export interface RestoreDeps {
  readonly shelf: BackupShelf;
  readonly rows: RowTarget;
  /** Where people's files go; null where they are already. */
  readonly files: { readonly put: (id: string, content: Uint8Array) => Promise<void> } | null;
}

export interface Restored {
  readonly rows: number;
  readonly files: number;
}

/**
 * Brings a copy back into an empty database. All of it is looked at first: a damaged copy changes nothing. Files come
 * first, so that there is no row without its bytes; they have names of their own, and harm nobody when the rest fails.
 */
export async function restoreBackup(
  { shelf, rows, files }: RestoreDeps,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<Restored> {
  const problems = await verifyBackup(shelf, manifest, signal);
  if (problems.length > 0)
    throw new Error(
      `The copy ${manifest.id} is damaged, and nothing was changed: ${problems.slice(0, 5).join("; ")}. Take an older one.`,
    );
  if (files) for (const file of manifest.files) await bringBack(shelf, files, file);
  const count = await rows.load(manifest, rowsOf(shelf, manifest));
  return { rows: count, files: files ? manifest.files.length : 0 };
}

async function bringBack(
  shelf: BackupShelf,
  files: NonNullable<RestoreDeps["files"]>,
  { id, sha256 }: Manifest["files"][number],
): Promise<void> {
  const content = await shelf.get(fileName(sha256));
  // It was there a moment ago, when all was looked at.
  if (content === null || sha256Of(content) !== sha256)
    throw new Error(`${fileName(sha256)} of the copy has gone, or was changed, meanwhile`);
  await files.put(id, content);
}

import { randomUUID } from "node:crypto";
import { silentLog } from "../src/core/log.ts";
import { noFault } from "../src/core/fault.ts";
import { openEmptyStore, openStore, type Store, type StoreOptions } from "../src/store/index.ts";
import { restoreBackup, type RestoreDeps } from "../src/backup/restore-backup.ts";
import type { Manifest } from "../src/backup/manifest.ts";
import { createTestDatabase } from "./open-test-store.ts";
import { emptyFolder } from "./data-folder.ts";

export interface NewHome extends AsyncDisposable {
  readonly options: StoreOptions;
}

/** An embedded database that is not made yet. */
export async function newFolderHome(): Promise<NewHome> {
  const folder = await emptyFolder();
  const options = { kind: "embedded", dataDir: folder.dataDir } as const;
  return { options, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** A database on the test server that has nobody in it. */
export async function newServerHome(): Promise<NewHome> {
  const database = await createTestDatabase();
  const options = { kind: "server", url: database.href } as const;
  return { options, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const never = new AbortController().signal;

/** Brings a copy back there. */
export async function bringTo(
  { options }: NewHome,
  deps: Omit<RestoreDeps, "rows">,
  manifest: Manifest,
) {
  await using empty = await openEmptyStore({ log: silentLog }, options);
  return await restoreBackup({ ...deps, rows: empty.rows }, manifest, never);
}

/** As a program that starts there. */
export const openAt = ({ options }: NewHome): Promise<Store> =>
  openStore(
    { log: silentLog, fault: noFault, random: Math.random, createId: randomUUID, keys: [] },
    options,
  );

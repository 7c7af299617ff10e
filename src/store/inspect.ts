import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import type { Log } from "../core/log.ts";
import { FolderInUse } from "./embedded/lock.ts";
import { openEmbedded } from "./embedded/open-embedded.ts";
import type { StoreOptions } from "./index.ts";
import { readMigrationState, type MigrationState } from "./migrate.ts";
import { openServer } from "./server/open-server.ts";

export type DatabaseFacts =
  /** Embedded, and made at the first start. */
  | { readonly kind: "new" }
  /** Embedded, and open in a Clara that runs now. */
  | { readonly kind: "in-use" }
  | {
      readonly kind: "open";
      /** For example `PostgreSQL 17.5`. */
      readonly version: string;
      /** Whether pgvector can be had. */
      readonly hasVector: boolean;
      readonly migrations: MigrationState;
    };

/** How the database is, without changing it. Throws words that say what to do when it cannot be reached. */
export async function inspectDatabase(
  { log }: { readonly log: Log },
  options: StoreOptions,
): Promise<DatabaseFacts> {
  return options.kind === "server"
    ? inspectServer(options.url, log)
    : inspectFolder(options.dataDir);
}

async function inspectServer(url: string, log: Log): Promise<DatabaseFacts> {
  const pool = await openServer(url, log);
  try {
    return await look(pool);
  } finally {
    await pool.end();
  }
}

async function inspectFolder(dataDir: string): Promise<DatabaseFacts> {
  if (!existsSync(join(dataDir, "db", "PG_VERSION"))) return { kind: "new" };
  try {
    await using embedded = await openEmbedded(dataDir);
    return await look(embedded.pool);
  } catch (error) {
    if (error instanceof FolderInUse) return { kind: "in-use" };
    throw error;
  }
}

async function look(pool: pg.Pool): Promise<DatabaseFacts> {
  const {
    rows: [found],
  } = await pool.query<{ version: string; hasVector: boolean }>(
    `select split_part(version(), ' ', 1) || ' ' || split_part(version(), ' ', 2) as version,
      exists (select from pg_available_extensions where name = 'vector') as "hasVector"`,
  );
  assert(found);
  return { kind: "open", ...found, migrations: await readMigrationState(pool) };
}

import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { sql } from "drizzle-orm/sql";
import type { Pool, PoolClient } from "pg";
import { rows } from "./database.ts";

export const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../drizzle", import.meta.url));
/** Any number that nobody else uses: "clar" in ASCII. */
const MIGRATION_LOCK = 0x636c6172;
const TABLE = "clara_migrations";
const SCHEMA = "public";

/** The database was made by a newer program. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";
}

/**
 * Brings the database to this program's state: each migration once, in one transaction, also when several processes
 * start together. Throws DatabaseTooNew rather than touch what it does not know.
 */
export async function migrateDatabase(pool: Pool, folder = MIGRATIONS_FOLDER): Promise<void> {
  const client = await pool.connect();
  try {
    // Waiting for another process, or for an index, may take longer than any other statement.
    await client.query("set statement_timeout = 0");
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const { pending, isNewer } = await readMigrationState(client, folder);
    if (isNewer)
      throw new DatabaseTooNew(
        "The database was last used by a newer Clara. Start that version, or restore a backup made before the upgrade; this one leaves it untouched.",
      );
    if (pending > 0) await migrate(client, folder);
  } finally {
    // The lock and the patience belong to this session, and end with it.
    client.release(true);
  }
}

/** Most starts have nothing to migrate, and need not load what does it: see POSTGRES in database.ts. */
async function migrate(client: PoolClient, folder: string): Promise<void> {
  const { drizzle } = await import("drizzle-orm/node-postgres");
  const migrator = await import("drizzle-orm/node-postgres/migrator");
  const options = { migrationsFolder: folder, migrationsTable: TABLE, migrationsSchema: SCHEMA };
  await migrator.migrate(drizzle(client), options);
}

/** True when there is something in it, and it was last used by an older program. */
export async function isToBeUpgraded(pool: Pool, folder = MIGRATIONS_FOLDER): Promise<boolean> {
  const { pending, isNewer } = await readMigrationState(pool, folder);
  const all = readMigrationFiles({ migrationsFolder: folder }).length;
  return pending > 0 && pending < all && !isNewer;
}

export interface MigrationState {
  /** Migrations of this program that the database has not seen. */
  readonly pending: number;
  /** True when the database has seen one that this program does not know. */
  readonly isNewer: boolean;
}

/** Where the database stands; an empty one has everything before it. Changes nothing. */
export async function readMigrationState(
  client: Pool | PoolClient,
  folder = MIGRATIONS_FOLDER,
): Promise<MigrationState> {
  const known = readMigrationFiles({ migrationsFolder: folder }).map(
    ({ folderMillis }) => folderMillis,
  );
  const [table] = await rows<{ name: string | null }>(
    client,
    sql`select to_regclass(${`${SCHEMA}.${TABLE}`})::text as name`,
  );
  if (table?.name === null || table === undefined) return { pending: known.length, isNewer: false };
  const [last] = await rows<{ at: string | null }>(
    client,
    sql`select max(created_at)::text as at from ${sql.identifier(SCHEMA)}.${sql.identifier(TABLE)}`,
  );
  const at = Number(last?.at ?? 0);
  return {
    pending: known.filter((millis) => millis > at).length,
    isNewer: at > Math.max(0, ...known),
  };
}

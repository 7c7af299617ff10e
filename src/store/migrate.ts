import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Pool, PoolClient } from "pg";
import { rows } from "./database.ts";
import * as schema from "./schema.ts";

const FOLDER = fileURLToPath(new URL("../../drizzle", import.meta.url));
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
export async function migrateDatabase(pool: Pool, folder = FOLDER): Promise<void> {
  const client = await pool.connect();
  try {
    // Held by this session, so that it is free again should this process die.
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    try {
      await refuseNewer(client, folder);
      const db = drizzle(client, { schema });
      await migrate(db, {
        migrationsFolder: folder,
        migrationsTable: TABLE,
        migrationsSchema: SCHEMA,
      });
    } finally {
      await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    }
  } finally {
    client.release();
  }
}

async function refuseNewer(client: PoolClient, folder: string): Promise<void> {
  const db = drizzle(client, { schema });
  const [table] = await rows<{ name: string | null }>(
    db,
    sql`select to_regclass(${`${SCHEMA}.${TABLE}`})::text as name`,
  );
  if (table?.name === null || table === undefined) return;
  const [last] = await rows<{ at: string | null }>(
    db,
    sql`select max(created_at)::text as at from ${sql.identifier(SCHEMA)}.${sql.identifier(TABLE)}`,
  );
  const known = readMigrationFiles({ migrationsFolder: folder }).map(
    ({ folderMillis }) => folderMillis,
  );
  if (Number(last?.at ?? 0) > Math.max(0, ...known))
    throw new DatabaseTooNew(
      "The database was last used by a newer Clara. Start that version, or restore a backup made before the upgrade; this one leaves it untouched.",
    );
}

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm/sql";
import type { Pool, PoolClient } from "pg";
import type { LoadedRows, RowTarget } from "../../core/backup.ts";
import { rows } from "../database.ts";
import { MIGRATIONS_FOLDER, migrateDatabase } from "../migrate.ts";
import { quoted } from "./read-rows.ts";
import { JOBS, tablesOf, type Column, type Table } from "./tables.ts";

export interface LoadDeps {
  /** Makes the queue's own tables, and leaves nothing running. */
  readonly makeQueue: () => Promise<void>;
}

/**
 * Takes rows into an empty database: first it is made as it was when they were copied, then they are loaded in one
 * transaction, then it is brought to this program's state like any other.
 */
export const createRowTarget = (pool: Pool, { makeQueue }: LoadDeps): RowTarget => ({
  async load({ migration }, tables) {
    await refuseUnlessEmpty(pool);
    await migrateUpTo(pool, migration);
    await makeQueue();
    const count = await loadAll(pool, tables);
    await migrateDatabase(pool);
    return count;
  },
});

async function refuseUnlessEmpty(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    const [people] = await rows<{ name: string | null }>(
      client,
      sql`select to_regclass('public.people')::text as name`,
    );
    if (people?.name === null || people === undefined) return;
    const [found] = await rows(client, sql`select 1 from people limit 1`);
    if (found)
      throw new Error(
        "There is something in this database already. A copy is brought back into an empty one: name a new folder as CLARA_DATA_DIR, or a new database in DATABASE_URL. Nothing was changed.",
      );
  } finally {
    client.release();
  }
}

interface Journal {
  readonly entries: readonly { readonly when: number }[];
}

/** As a program had it whose newest migration was this one. Throws when this program does not know it. */
async function migrateUpTo(pool: Pool, migration: number): Promise<void> {
  const journal = JSON.parse(
    await readFile(join(MIGRATIONS_FOLDER, "meta/_journal.json"), "utf8"),
  ) as Journal;
  if (!journal.entries.some(({ when }) => when === migration))
    throw new Error(
      "The copy was made by a newer Clara. Bring it back with that version, or a later one. Nothing was changed.",
    );
  const folder = await mkdtemp(join(tmpdir(), "clara-restore-"));
  try {
    await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
    const entries = journal.entries.filter(({ when }) => when <= migration);
    await writeFile(join(folder, "meta/_journal.json"), JSON.stringify({ ...journal, entries }));
    await migrateDatabase(pool, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function loadAll(pool: Pool, tables: AsyncIterable<LoadedRows>): Promise<number> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    await client.query("set local statement_timeout = 0");
    const known = new Map((await tablesOf(client)).map((table) => [table.name, table]));
    let count = 0;
    for await (const loaded of tables) {
      await loadBatch(client, known.get(loaded.table.name) ?? null, loaded);
      count += loaded.lines.length;
    }
    for (const table of known.values()) if (table.name !== JOBS) await countOn(client, table);
    await client.query("commit");
    broken = false;
    return count;
  } finally {
    client.release(broken);
  }
}

async function loadBatch(
  client: PoolClient,
  table: Table | null,
  { table: copied, lines }: LoadedRows,
): Promise<void> {
  const types = new Map(table?.columns.map(({ name, type }) => [name, type]));
  // Of the queue's own table another version may know other columns; of ours all are there.
  const taken = copied.columns.flatMap((name, index) => {
    const type = types.get(name);
    return type === undefined ? [] : [{ name, type, index }];
  });
  if (table === null || (copied.name !== JOBS && taken.length < copied.columns.length))
    throw new Error(`This database has no place for the rows of ${copied.name}`);
  const names = taken.map(({ name }) => quoted(name)).join(", ");
  const values = taken.map(({ type, index }) => `(line->>${index})::${type}`).join(", ");
  await client.query(
    `insert into ${table.name} (${names}) overriding system value
     select ${values} from jsonb_array_elements($1::jsonb) as line`,
    [`[${lines.join(",")}]`],
  );
}

/** Numbers that the database gives go on behind those that are there. */
async function countOn(client: PoolClient, { name, columns }: Table): Promise<void> {
  for (const column of columns.filter(isCounter)) {
    const [sequence] = await rows<{ name: string | null }>(
      client,
      sql`select pg_get_serial_sequence(${name}, ${column.name}) as name`,
    );
    if (sequence?.name)
      await client.query(
        `select setval('${sequence.name.replaceAll("'", "''")}', coalesce(max(${quoted(column.name)}), 0) + 1, false) from ${name}`,
      );
  }
}

const isCounter = ({ type }: Column): boolean => type === "bigint" || type === "integer";

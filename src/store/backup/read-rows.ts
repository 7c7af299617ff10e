import type { Pool, PoolClient } from "pg";
import { sql } from "drizzle-orm/sql";
import { CopyBusy, type RowSource } from "../../core/backup.ts";
import { rows } from "../database.ts";
import { JOBS, SECRETS, tablesOf, toCopied, type Table } from "./tables.ts";

/** Rows that are in memory at a time. */
const BATCH = 500;

/** Reads with one transaction's eyes. On an embedded database nothing else can be asked of it meanwhile. */
export const createRowSource = (pool: Pool): RowSource => ({
  async read({ withSecrets }, keep, signal) {
    const client = await pool.connect();
    let broken = true;
    try {
      await client.query("begin isolation level repeatable read read only");
      await client.query("set local statement_timeout = 0");
      await refuseIfBusy(client);
      const migration = await migrationOf(client);
      for (const table of await tablesOf(client))
        if (withSecrets || table.name !== SECRETS) await readTable(client, table, keep, signal);
      await client.query("commit");
      broken = false;
      return { migration };
    } finally {
      // A transaction that was left in the middle ends with its connection.
      client.release(broken);
    }
  },
});

/** Any number that nobody else uses: "copy" in ASCII. */
const COPY_LOCK = 0x636f7079;

/** One at a time, in all processes: the lock ends with the transaction. */
async function refuseIfBusy(client: PoolClient): Promise<void> {
  const [lock] = await rows<{ isOurs: boolean }>(
    client,
    sql`select pg_try_advisory_xact_lock(${COPY_LOCK}) as "isOurs"`,
  );
  if (lock?.isOurs !== true) throw new CopyBusy("Another copy is being made at this moment.");
}

/** Of the newest one; 0 when there is none. */
async function migrationOf(client: PoolClient): Promise<number> {
  const [last] = await rows<{ at: string | null }>(
    client,
    sql`select max(created_at)::text as at from public.clara_migrations`,
  );
  return Number(last?.at ?? 0);
}

async function readTable(
  client: PoolClient,
  table: Table,
  keep: Parameters<RowSource["read"]>[1],
  signal: AbortSignal,
): Promise<void> {
  const values = table.columns.map(({ name }) => `${quoted(name)}::text`).join(", ");
  // What is over is only history there.
  const which = table.name === JOBS ? "where state < 'completed'" : "";
  await client.query(
    `declare copied no scroll cursor for select json_build_array(${values})::text as line from ${table.name} ${which}`,
  );
  for (;;) {
    signal.throwIfAborted();
    const { rows: found } = await client.query<{ line: string }>(`fetch ${BATCH} from copied`);
    if (found.length > 0)
      await keep(
        toCopied(table),
        found.map(({ line }) => line),
      );
    if (found.length < BATCH) break;
  }
  await client.query("close copied");
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

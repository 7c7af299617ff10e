import { sql, type SQL } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type { Pool, PoolClient } from "pg";
import type { Db as BossDb } from "pg-boss";
import * as schema from "./schema.ts";

export type Db = NodePgDatabase<typeof schema>;

/** Deadlocks and lost races are tried again this often. */
const MAX_ATTEMPTS = 3;
const WORTH_ANOTHER = new Set(["40001", "40P01"]);

/** What one transaction offers: our tables and pg-boss's, on one connection. */
export interface Transaction {
  readonly db: Db;
  readonly boss: BossDb;
}

export interface Database {
  readonly db: Db;
  readonly boss: BossDb;
  /** All or nothing. The body may run more than once, and may use nothing but what it is given. */
  readonly transact: <Result>(
    body: (transaction: Transaction) => Promise<Result>,
  ) => Promise<Result>;
}

/** The same for PostgreSQL and PGlite: both stand behind node-postgres. */
export function createDatabase(pool: Pool): Database {
  const transactions = new WeakMap<PoolClient, Transaction>();
  const transactionOn = (client: PoolClient): Transaction => {
    const known = transactions.get(client);
    if (known) return known;
    const made = { db: drizzle(client, { schema }), boss: toBoss(client) };
    transactions.set(client, made);
    return made;
  };

  async function attempt<Result>(body: (transaction: Transaction) => Promise<Result>) {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const result = await body(transactionOn(client));
      await client.query("commit");
      return result;
    } catch (error) {
      // A connection that cannot even roll back is thrown away.
      await client.query("rollback").catch((cause: unknown) => {
        broken = cause instanceof Error ? cause : new Error(String(cause));
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    db: drizzle(pool, { schema }),
    boss: pooledBoss(pool),
    async transact(body) {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(body);
        } catch (error) {
          if (tries >= MAX_ATTEMPTS || !WORTH_ANOTHER.has(sqlStateOf(error) ?? "")) throw error;
        }
      }
    },
  };
}

/** Rows as our own statement names and types them. */
export async function rows<Row>(db: Db, statement: SQL): Promise<readonly Row[]> {
  const result = await db.execute(statement);
  return result.rows as Row[];
}

/** For `= any(...)`: an array as one parameter, which drizzle would spread out. */
export const array = (values: readonly string[]): SQL => sql`${sql.param([...values])}::text[]`;

/** PostgreSQL's five characters, also from within drizzle's own error; null when the database said nothing. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code))
    return error.code;
  return sqlStateOf(error.cause);
}

interface QueryResult {
  readonly rows?: unknown[];
}

/** pg-boss sends several statements at once, for which node-postgres answers with a list of results. */
const toBoss = (client: PoolClient): BossDb => ({
  async executeSql(text, values) {
    const result: QueryResult | QueryResult[] = await client.query(text, values);
    return { rows: [result].flat().flatMap((each) => each.rows ?? []) };
  },
});

function pooledBoss(pool: Pool): BossDb {
  return {
    async executeSql(text, values) {
      const client = await pool.connect();
      try {
        return await toBoss(client).executeSql(text, values);
      } catch (error) {
        // It may have begun a transaction within its text; the connection must not keep it.
        await client.query("rollback").catch(() => {}); // A dead connection is found out by whoever takes it next.
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

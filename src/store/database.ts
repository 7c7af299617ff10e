import { createHash } from "node:crypto";
import { CasingCache } from "drizzle-orm/casing";
import { sql, type SQL } from "drizzle-orm/sql";
import pg from "pg";
import type { Db as BossDb } from "pg-boss";

/** The pool, or the one connection of a transaction. */
export interface Db {
  readonly query: (statement: {
    readonly name?: string;
    readonly text: string;
    readonly values?: unknown[];
  }) => Promise<QueryResult | QueryResult[]>;
}

interface QueryResult {
  readonly rows: unknown[];
}

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
  /** All or nothing. The body may run more than once, and may use nothing but what it is given. */
  readonly transact: <Result>(
    body: (transaction: Transaction) => Promise<Result>,
  ) => Promise<Result>;
}

/** The same for PostgreSQL and PGlite: both stand behind node-postgres. */
export function createDatabase(pool: pg.Pool): Database {
  async function attempt<Result>(body: (transaction: Transaction) => Promise<Result>) {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      const transaction = { db: client, boss: preparedBoss(client) };
      const [, result] = await together([client.query("begin"), body(transaction)]);
      await client.query("commit");
      return result;
    } catch (error) {
      // A connection that cannot even roll back is thrown away.
      await client.query("rollback").catch((cause: Error) => {
        broken = cause;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    db: pool,
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

/**
 * Statements that need no answer of each other, sent without waiting in between. Fails with the first failure, but only
 * when all are answered: what is still under way must not end up behind the rollback.
 */
export async function together<const Answers extends readonly unknown[]>(statements: {
  readonly [Index in keyof Answers]: Promise<Answers[Index]>;
}): Promise<Answers> {
  await Promise.allSettled(statements);
  return (await Promise.all(statements)) as unknown as Answers;
}

/**
 * How PostgreSQL writes names and parameters. Not drizzle's own PgDialect, and nowhere "drizzle-orm" itself: its modules
 * import each other in circles, which Node unravels in 0.3 s and with 150 MB. "drizzle-orm/sql" takes a tenth of both.
 */
const POSTGRES = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (index: number) => `$${index + 1}`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/** Rows as our own statement names and types them: times are Dates, counts need `::int`. */
export async function rows<Row>(db: Db, statement: SQL): Promise<readonly Row[]> {
  const { sql: text, params } = statement.toQuery(POSTGRES);
  return (await runPrepared(db, text, params)) as Row[];
}

/** For `= any(...)`: an array as one parameter, which drizzle would spread out. */
export const array = (values: readonly string[]): SQL => sql`${sql.param([...values])}::text[]`;

/** PostgreSQL's five characters; null when the database said nothing. */
const sqlStateOf = (error: unknown): string | null =>
  error instanceof pg.DatabaseError ? (error.code ?? null) : null;

/**
 * Each connection parses and plans a statement once, by a name that is made of its text: this halves the time of most.
 * The texts are those in our code, so that there are not many.
 */
async function runPrepared(db: Db, text: string, values: unknown[]): Promise<unknown[]> {
  const name = createHash("sha1").update(text).digest("base64url");
  try {
    return [await db.query({ name, text, values })].flat().flatMap((result) => result.rows);
  } catch (error) {
    throw withoutRows(error);
  }
}

/** PostgreSQL quotes people's words in these fields, and errors are logged. */
function withoutRows(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) error.detail = error.where = undefined;
  return error;
}

/** pg-boss's calls that work on single jobs: each is one statement. */
export const preparedBoss = (db: Db): BossDb => ({
  executeSql: async (text, values) => ({ rows: await runPrepared(db, text, values ?? []) }),
});

/** pg-boss's upkeep, which sends several statements at once, some of them within `begin` and `commit`. */
export function upkeepBoss(pool: pg.Pool): BossDb {
  return {
    async executeSql(text, values) {
      const client = await pool.connect();
      try {
        const result: QueryResult | QueryResult[] = await client.query(text, values);
        return { rows: [result].flat().flatMap((each) => each.rows) };
      } catch (error) {
        // The text may have begun a transaction, which the connection must not keep.
        await client.query("rollback").catch(() => {}); // A dead connection is found out by whoever takes it next.
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

import pg from "pg";
import type { Log } from "../../core/log.ts";
import { asError } from "../../lib/as-error.ts";

/** Many turns wait for models and not for the database. */
const MAX_CONNECTIONS = 12;
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of ours takes longer, unless something is wrong. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** How to reach a PostgreSQL, for a pool or for one session. */
export const toClientConfig = (url: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: "clara",
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
});

/** A pool on a PostgreSQL server, tried once. Throws words that say what to do, without the address or a password. */
export async function openServer(url: string, log: Log): Promise<pg.Pool> {
  const pool = new pg.Pool({
    ...toClientConfig(url),
    max: MAX_CONNECTIONS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // Statements of a transaction that need no answer of each other travel together.
    pipeline: true,
  });
  // A connection that breaks fails the query that uses it, and the next query gets another one. Without these listeners
  // it would end the process as well: the pool's hears of idle connections, the client's of those in use.
  pool.on("error", (error) => log.warn({ error: asError(error) }, "database-connection-lost"));
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    await pool.query("select 1");
    return pool;
  } catch (error) {
    await pool.end();
    throw new Error(
      `The database at DATABASE_URL does not answer: ${describe(error)}. Is the server running, and are name, password and database right?`,
    );
  }
}

/** PostgreSQL's own short words, which hold no password, or the system's code; an address may hold one. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return describe(error.errors[0]);
  if (error instanceof pg.DatabaseError) return error.message;
  return error instanceof Error && "code" in error ? String(error.code) : "no answer";
}

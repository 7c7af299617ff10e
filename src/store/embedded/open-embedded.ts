import { statfs } from "node:fs/promises";
import pg from "pg";
import type { OpenPglite } from "./pglite.ts";
import { lockFolder } from "./lock.ts";
import { makeDataDir, prepareFolder } from "./prepare-folder.ts";
import { WireStream } from "./wire-stream.ts";
import { openPgliteWorker } from "./worker-client.ts";

export interface OpenEmbedded extends AsyncDisposable {
  readonly pool: pg.Pool;
  /** Rejects when the database ended by itself: nothing can be asked of it any more. */
  readonly broken: Promise<never>;
  /** Space that is left for it. */
  readonly freeBytes: () => Promise<number>;
}

/** The database in `dataDir`, for this process alone. Throws words that say what to do. */
export async function openEmbedded(dataDir: string): Promise<OpenEmbedded> {
  await using opening = new AsyncDisposableStack();
  await makeDataDir(dataDir);
  opening.use(await lockFolder(dataDir));
  const folder = await prepareFolder(dataDir);
  const pglite = await openPgliteWorker(folder);
  opening.defer(pglite.close);
  const pool = createPool(pglite);
  opening.defer(() => pool.end());
  opening.defer(async () => {
    await pool.query("checkpoint").catch(() => {}); // The log of changes has everything too; reopening takes longer.
  });
  const opened = opening.move();
  return {
    pool,
    broken: pglite.broken,
    async freeBytes() {
      const { bavail, bsize } = await statfs(dataDir);
      return bavail * bsize;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** PGlite is one session, so there is one connection, and it is kept. */
export function createPool({ exchange }: Pick<OpenPglite, "exchange">): pg.Pool {
  const pool = new pg.Pool({
    user: "postgres",
    database: "postgres",
    max: 1,
    pipeline: true,
    idleTimeoutMillis: 0,
    // node-postgres takes any duplex stream; its types know only sockets.
    stream: () => new WireStream(exchange) as never,
  });
  // A broken connection fails the query that uses it; without listeners it would end the process as well.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
    // The session is the same as before, and may have been left within a transaction.
    for (const text of ["rollback", "discard all"]) client.query(text).catch(() => {}); // As above.
  });
  return pool;
}

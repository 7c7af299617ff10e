import pg from "pg";
import type { OpenPglite } from "./pglite.ts";
import { lockFolder } from "./lock.ts";
import { makeDataDir, prepareFolder } from "./prepare-folder.ts";
import { WireStream } from "./wire-stream.ts";
import { openPgliteWorker } from "./worker-client.ts";

export interface OpenEmbedded extends AsyncDisposable {
  readonly pool: pg.Pool;
  /** Exchanges with the database since it was opened. */
  readonly statements: () => number;
}

/** The database in `dataDir`, for this process alone. Throws words that say what to do. */
export async function openEmbedded(dataDir: string): Promise<OpenEmbedded> {
  await using opening = new AsyncDisposableStack();
  await makeDataDir(dataDir);
  opening.use(await lockFolder(dataDir));
  const folder = await prepareFolder(dataDir);
  const pglite = await openPgliteWorker(folder);
  opening.defer(pglite.close);
  let statements = 0;
  const pool = createPool({
    ...pglite,
    exchange: (request) => {
      statements++;
      return pglite.exchange(request);
    },
  });
  opening.defer(() => pool.end());
  opening.defer(async () => {
    await pool.query("checkpoint").catch(() => {}); // The log of changes has everything too; reopening takes longer.
  });
  const opened = opening.move();
  return {
    pool,
    statements: () => statements,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** PGlite is one session, so there is one connection, and it is kept. */
export const createPool = ({ exchange }: Pick<OpenPglite, "exchange">): pg.Pool =>
  new pg.Pool({
    user: "postgres",
    database: "postgres",
    max: 1,
    idleTimeoutMillis: 0,
    // node-postgres takes any duplex stream; its types know only sockets.
    stream: () => new WireStream(exchange) as never,
  });

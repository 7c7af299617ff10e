import { PGlite } from "@electric-sql/pglite";
import type { Exchange } from "./wire-stream.ts";

/**
 * Small and bounded: PGlite has no checkpointer and no autovacuum of its own, so that these and upkeep.ts keep its log
 * of changes below about 150 MB and its memory below 300 MB.
 */
const SETTINGS = [
  "shared_buffers=16MB",
  "max_wal_size=64MB",
  "min_wal_size=32MB",
  "wal_recycle=off",
  "wal_level=minimal",
  "max_wal_senders=0",
];

export interface OpenPglite {
  readonly exchange: Exchange;
  readonly close: () => Promise<void>;
}

/** A PGlite over a folder, or with the contents of a dump in memory. Blocks its thread while it works. */
export async function openPglite(
  source: { readonly folder: string } | { readonly dump: Blob },
): Promise<OpenPglite> {
  const db = await PGlite.create({
    ...("folder" in source ? { dataDir: source.folder } : { loadDataDir: source.dump }),
    postgresqlconf: SETTINGS,
  });
  return {
    exchange: (request) => db.execProtocolRaw(request),
    close: () => db.close(),
  };
}

import { sql, type SQL } from "drizzle-orm/sql";
import type { FileIndex, FileKey, StoredFile } from "../core/files.ts";
import { userId } from "../core/ids.ts";
import { audienceKey, readableKeys } from "../core/principal.ts";
import { array, rows, type Database } from "./database.ts";

/** Of one person; far more than anybody keeps. */
const MAX_OWN = 100_000;
/** Saves of one person wait for each other, so that two cannot both take the last of a quota. "file" in ASCII. */
const QUOTA_LOCK = 0x66696c65;

export function createFileIndex(database: Database): FileIndex {
  const { db } = database;
  return {
    async own({ principal }) {
      const found = await rows<FileRow>(
        db,
        sql`select ${AS_FILE} from files where owner = ${principal.userId} limit ${MAX_OWN}`,
      );
      return found.map(toFile);
    },

    async add(scope, { id, name, contentType, sizeBytes, sha256, origin }, quotaBytes) {
      readableKeys(scope);
      const owner = scope.principal.userId;
      const audience = audienceKey(scope.audience);
      return database.transact(async (transaction) => {
        await rows(
          transaction.db,
          sql`select pg_advisory_xact_lock(${QUOTA_LOCK}, hashtext(${owner}))`,
        );
        const added = await rows(
          transaction.db,
          sql`
            insert into files (id, owner, audience, name, content_type, size_bytes, sha256, origin, state)
            select ${id}, ${owner}, ${audience}, ${name}, ${contentType}, ${sizeBytes}, ${sha256}, ${origin}, 'coming'
            where (select coalesce(sum(size_bytes), 0) from files where owner = ${owner})::float8
              + ${sizeBytes}::float8 <= ${quotaBytes}::float8
            returning id`,
        );
        return added.length > 0;
      });
    },

    async arrived({ principal }, id) {
      const kept = await rows(
        db,
        sql`
          update files set state = 'kept'
          where id = ${id} and owner = ${principal.userId} and state = 'coming' returning id`,
      );
      return kept.length > 0;
    },

    async find(scope, key, limit) {
      const found = await rows<FileRow>(
        db,
        sql`
          select ${AS_FILE} from files
          where audience = any(${array(readableKeys(scope))}) and state = 'kept' and ${isKey(key)}
          order by saved_at desc, id limit ${limit}`,
      );
      return found.map(toFile);
    },

    async leftOver(limit) {
      const found = await rows<{ id: string }>(
        db,
        sql`
          select id from files
          where state = 'going' or (state = 'coming' and saved_at < now() - interval '1 hour')
          order by saved_at limit ${limit}`,
      );
      return found.map(({ id }) => id);
    },

    async drop(ids) {
      await rows(
        db,
        sql`delete from files where id = any(${array(ids)}) and state <> 'kept' returning id`,
      );
    },

    async remove(scope, ids) {
      const { userId: owner } = scope.principal;
      await rows(
        db,
        sql`delete from files where owner = ${owner} and id = any(${array(ids)}) returning id`,
      );
    },
  };
}

const AS_FILE = sql`id, owner, name, content_type, size_bytes::float8 as size_bytes, sha256, saved_at`;

function isKey(key: FileKey | null): SQL {
  switch (key?.by) {
    case undefined:
      return sql`true`;
    case "id":
      return sql`id = ${key.id}`;
    case "name":
      return sql`name = ${key.name}`;
    case "origin":
      return sql`origin = ${key.origin}`;
  }
}

interface FileRow {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly saved_at: Date;
}

const toFile = (row: FileRow): StoredFile => ({
  id: row.id,
  owner: userId(row.owner),
  name: row.name,
  contentType: row.content_type,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  savedAt: row.saved_at,
});

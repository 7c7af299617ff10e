import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  openTestPglite,
  openTestServer,
  type OpenPool,
  describeServer,
} from "../../test/open-test-store.ts";
import { randomUUID } from "node:crypto";
import type { RowSource } from "../core/backup.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import { DatabaseTooNew, isToBeUpgraded, migrateDatabase, readMigrationState } from "./migrate.ts";
import { startStore } from "./start-store.ts";

const startDeps = {
  log: silentLog,
  fault: noFault,
  random: Math.random,
  createId: randomUUID,
  sealer: null,
};
const OURS = join(import.meta.dirname, "../../drizzle");
const LATER = 4_000_000_000_000;

interface Journal {
  readonly entries: readonly {
    readonly tag: string;
    readonly idx: number;
    readonly when: number;
  }[];
}

/** Our migrations and one more, as a later program would have them. */
async function withOneMore(statements: string) {
  const changed = await withEntries(({ entries }) => [
    ...entries,
    { ...entries[0], tag: "9999_later", idx: entries.length, when: LATER },
  ]);
  await writeFile(join(changed.folder, "9999_later.sql"), statements);
  return changed;
}

/** Our migrations before the one of this name, as an earlier program had them. */
const before = (tag: string) =>
  withEntries(({ entries }) => entries.filter((each) => each.tag < tag));

async function withEntries(change: (journal: Journal) => readonly object[]) {
  const folder = await mkdtemp(join(tmpdir(), "clara-migrations-"));
  await cp(OURS, folder, { recursive: true });
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(file, "utf8")) as Journal;
  await writeFile(file, JSON.stringify({ ...journal, entries: change(journal) }));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

describe("migrateDatabase(), on PGlite,", () => {
  tests(openTestPglite);
});
describeServer("migrateDatabase(), on PostgreSQL,", () => {
  tests(openTestServer);
});

function tests(open: OpenPool): void {
  const openEmpty = async () => {
    const opened = await open();
    await opened.pool.query("drop schema public cascade; create schema public");
    return opened;
  };
  const sum = "insert into notes values ('kept', 'yes')";
  const isKept = "select from notes where key = 'kept'";

  test("makes an empty database, and finds nothing to do the second time", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    expect(await readMigrationState(pool)).toMatchObject({ isNewer: false });
    expect((await readMigrationState(pool)).pending).toBeGreaterThan(0);

    await migrateDatabase(pool);
    await pool.query(sum);
    await migrateDatabase(pool);

    expect(await readMigrationState(pool)).toEqual({ pending: 0, isNewer: false });
    expect((await pool.query(isKept)).rows).toHaveLength(1);
  });

  test("is done once when several begin together", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;

    await Promise.all(Array.from({ length: 4 }, () => migrateDatabase(pool)));

    const { rows } = await pool.query("select count(*)::int from clara_migrations");
    expect(rows[0].count).toBeLessThan(20);
    expect(await readMigrationState(pool)).toEqual({ pending: 0, isNewer: false });
  });

  test("a migration that breaks half-way leaves the state and the rows before it", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await migrateDatabase(pool);
    await pool.query(sum);
    await using broken = await withOneMore(
      "create table more (id int);--> statement-breakpoint\ndelete from notes;--> statement-breakpoint\nselect 1/0;",
    );

    await expect(migrateDatabase(pool, broken.folder)).rejects.toThrow("select 1/0");

    expect((await pool.query("select to_regclass('more')::text as more")).rows).toEqual([
      { more: null },
    ]);
    expect((await pool.query(isKept)).rows).toHaveLength(1);
    await migrateDatabase(pool);
    expect(await readMigrationState(pool)).toEqual({ pending: 0, isNewer: false });
  });

  test("rows survive the next migration, and the program before it is refused", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await migrateDatabase(pool);
    await pool.query(sum);
    await using later = await withOneMore("alter table notes add column more text");

    expect(await readMigrationState(pool, later.folder)).toEqual({ pending: 1, isNewer: false });
    await migrateDatabase(pool, later.folder);
    expect((await pool.query(isKept)).rows).toHaveLength(1);

    expect(await readMigrationState(pool)).toEqual({ pending: 0, isNewer: true });
    const refused = migrateDatabase(pool);
    await expect(refused).rejects.toThrow(DatabaseTooNew);
    await expect(refused).rejects.toThrow(/newer Clara.*Start that version, or restore a backup/);
  });

  test("rows of before people wrote skills down are there after it", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0011_skills");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(sum);

    await migrateDatabase(pool);

    expect((await pool.query(isKept)).rows).toHaveLength(1);
    expect((await pool.query("select * from skills")).rows).toEqual([]);
  });

  test("only a database that an older program has used is to be upgraded", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using later = await withOneMore("alter table notes add column more text");

    const whenNew = await isToBeUpgraded(pool);
    await migrateDatabase(pool);
    const whenCurrent = await isToBeUpgraded(pool);
    const forLater = await isToBeUpgraded(pool, later.folder);
    await migrateDatabase(pool, later.folder);
    const whenNewer = await isToBeUpgraded(pool);

    expect([whenNew, whenCurrent, forLater, whenNewer]).toEqual([false, false, true, false]);
  });

  test("rows of before the servers of MCP were kept are there after it", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0009_mcp");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(sum);

    await migrateDatabase(pool);

    expect((await pool.query(isKept)).rows).toHaveLength(1);
    expect((await pool.query("select * from mcp_servers")).rows).toEqual([]);
  });

  test("a store makes a copy before an upgrade, and stays closed and unchanged when it cannot", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0009_mcp");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(sum);
    const copied: string[] = [];
    const start = (beforeUpgrade: (rows: RowSource) => Promise<void>) =>
      startStore({ ...startDeps, beforeUpgrade }, { kind: "server", pool, services: () => [] });

    const refused = start(() => Promise.reject(new Error("There is no space left")));
    await expect(refused).rejects.toThrow("There is no space left");
    const unchanged = await readMigrationState(pool);
    await using _ = await start(async (rows) => {
      const keep = async ({ name }: { name: string }) => void copied.push(name);
      await rows.read({ withSecrets: false }, keep, new AbortController().signal);
    });

    expect(unchanged.pending).toBeGreaterThan(0);
    expect(copied).toContain("public.notes");
    expect(await readMigrationState(pool)).toMatchObject({ pending: 0 });
  });

  test("rows of before the log was kept are there after it", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0002_log_entries");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(sum);
    expect(await readMigrationState(pool)).toMatchObject({ isNewer: false });

    await migrateDatabase(pool);

    expect((await pool.query(isKept)).rows).toHaveLength(1);
    expect((await pool.query("select from log_entries")).rows).toEqual([]);
  });

  test("files that were kept before they had states are kept", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0003_files_state");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(
      "insert into files (id, owner, audience, name, content_type, size_bytes, sha256) values ('f', 'o', 'a', 'n', 't', 1, 's')",
    );

    await migrateDatabase(pool);

    expect((await pool.query("select state from files")).rows).toEqual([{ state: "kept" }]);
  });

  test("facts of before belong to whom they belonged, and a guild may own some from then on", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0004_remembered");
    await migrateDatabase(pool, earlier.folder);
    await pool.query("insert into people (id, platform, display_name) values ('p', 'web', 'Ana')");
    const fact = (owner: string) =>
      pool.query(
        "insert into memories (id, owner_id, audience, said_to, kind, text, hash, confidence, origin, valid_from, stability, difficulty) values ($1, $1, 'a', 'a', 'other', 'tea', 'h', 1, 'told', now(), 1, 1)",
        [owner],
      );
    await fact("p");
    await expect(fact("guild:g")).rejects.toThrow("memories_owner_id_people_id_fk");

    await migrateDatabase(pool);
    await fact("guild:g");

    const { rows } = await pool.query("select owner_id, author_id from memories order by 1");
    expect(rows).toEqual([
      { owner_id: "guild:g", author_id: null },
      { owner_id: "p", author_id: null },
    ]);
  });

  test("people's secrets of before Google came are there after it", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0007_google");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(
      "insert into secrets (owner, name, sealed, key_id) values ('person:discord:1', 'mine', 'v1', 'k')",
    );

    await migrateDatabase(pool);

    expect((await pool.query("select name from secrets")).rows).toEqual([{ name: "mine" }]);
    expect((await pool.query("select from google_links")).rows).toEqual([]);
  });

  test("sign-ins at Google that were begun before locks had a table of their own can be ended", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0010_access");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(
      "insert into google_links (owner, name, id_hash, expires_at) values ('discord:1', 'Ana', 'h', now())",
    );

    await migrateDatabase(pool);

    expect((await pool.query("select name from google_links")).rows).toEqual([{ name: "Ana" }]);
    expect((await pool.query("select from locks")).rows).toEqual([]);
    expect((await pool.query("select from access_tokens")).rows).toEqual([]);
    expect((await pool.query("select from mcp_questions")).rows).toEqual([]);
  });

  test("people and their secrets of before mail came may have mailboxes after it", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0012_mail");
    await migrateDatabase(pool, earlier.folder);
    await pool.query("insert into people (id, platform, display_name) values ('p', 'web', 'Ana')");
    await pool.query(
      "insert into secrets (owner, name, sealed, key_id) values ('person:p', 'mine', 'v1', 'k')",
    );

    await migrateDatabase(pool);
    await pool.query(
      "insert into mail_accounts (owner_id, address, login, provider, auth, imap, poll_minutes) values ('p', 'a@example.com', 'a', 'imap', 'password', '{}', 5)",
    );

    const { rows } = await pool.query("select state, digest_at from mail_accounts");
    expect(rows).toEqual([{ state: "active", digest_at: 480 }]);
    expect((await pool.query("select name from secrets")).rows).toEqual([{ name: "mine" }]);
  });

  test("tools of plug-ins that were agreed to before their shape was kept are still agreed to", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await using earlier = await before("0014_mcp_shape");
    await migrateDatabase(pool, earlier.folder);
    await pool.query(
      "insert into mcp_servers (id, owner, name, display_name, source, launch, is_enabled, origin, timeout_ms) values ('s', 'operator', 'files', 'Files', '{}', '{}', true, 'file', 1000)",
    );
    await pool.query(
      "insert into mcp_tools (server_id, name, offered_name, hash, description, input_schema, annotations, approved_hash, approved_description) values ('s', 'read', 'files__read', 'h', 'Reads', '{}', '{}', 'h', 'Reads')",
    );

    await migrateDatabase(pool);

    const { rows } = await pool.query("select name, approved_hash, approved_shape from mcp_tools");
    expect(rows).toEqual([{ name: "read", approved_hash: "h", approved_shape: null }]);
  });

  test("takes longer than any other statement may", async () => {
    await using opened = await openEmpty();
    const { pool } = opened;
    await pool.query("set statement_timeout = '50ms'");
    await using slow = await withOneMore("select pg_sleep(0.2)");

    await migrateDatabase(pool, slow.folder);

    expect(await readMigrationState(pool, slow.folder)).toEqual({ pending: 0, isNewer: false });
  });
}

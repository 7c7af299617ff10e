import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { sql } from "drizzle-orm";
import pg from "pg";
import { expect, inject, test } from "vitest";
import { createTestDatabase, openStoreAt, describeServer } from "../../../test/open-test-store.ts";
import { accept, ask, newChannel, start } from "../../../test/talk.ts";
import { silentLog } from "../../core/log.ts";
import { createDatabase, rows } from "../database.ts";
import { openServer } from "./open-server.ts";

const PASSWORD = "hunter22-secret";

/** What openServer() says of an address that is wrong. */
async function complaint(url: string): Promise<string> {
  const error: unknown = await openServer(url, silentLog).catch((caught: unknown) => caught);
  const whole = inspect(error, { depth: null, showHidden: true });
  expect(whole).not.toContain(PASSWORD);
  return whole;
}

test("a server that is not there is named so, without the password", async () => {
  expect(await complaint(`postgres://me:${PASSWORD}@127.0.0.1:1/name`)).toMatch(
    /DATABASE_URL does not answer: ECONNREFUSED. Is the server running/,
  );
});

test("an address that is none is refused without its password", async () => {
  expect(await complaint(`postgres://me:${PASSWORD}@[nonsense/name`)).toMatch(
    /DATABASE_URL does not answer/,
  );
});

describeServer("A PostgreSQL server", () => {
  const urlWith = (change: (url: URL) => void) => {
    const url = new URL(inject("serverUrl") ?? "");
    change(url);
    return url.href;
  };

  test("without the database is refused with its own words", async () => {
    const url = urlWith((each) => {
      each.password = PASSWORD;
      each.pathname = "/not_there";
    });

    expect(await complaint(url)).toMatch('database "not_there" does not exist');
  });

  test("with another password is refused with its own words", async () => {
    const admin = new pg.Client(inject("serverUrl") ?? "");
    await admin.connect();
    await admin.query(`drop role if exists clara_stranger`);
    const url = urlWith((each) => {
      each.username = "clara_stranger";
      each.password = PASSWORD;
    });

    // Whether the server asks for passwords is its own affair; it does not know the name in any case.
    expect(await complaint(url)).toMatch(
      /role "clara_stranger" does not exist|authentication failed/,
    );
    await admin.end();
  });

  test("that cuts all connections is used again by the next call, and no process ends of it", async () => {
    await using database = await createTestDatabase();
    await using store = await openStoreAt(database.href);
    const place = newChannel();
    const turnId = await ask(store, place.message("ana", "one"));
    const cut = () =>
      store.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );

    const busy = Array.from({ length: 30 }, () =>
      accept(store, newChannel().message("ana", "in the middle")).catch(() => null),
    );
    expect((await cut()).length).toBeGreaterThan(0);
    await Promise.all(busy);
    await store.ping().catch(() => {}); // The one that finds out.

    expect(await start(store, turnId)).toMatchObject({ lease: { generation: 1 } });
    expect(await accept(store, place.message("ana", "two"))).toMatchObject({ ahead: 1 });
  });

  test("that cuts a transaction in the middle has it undone, and the error reaches whoever began it", async () => {
    await using database = await createTestDatabase();
    const pool = await openServer(database.href, silentLog);
    const { transact, db } = createDatabase(pool);

    const cut = transact(async ({ db: within }) => {
      await rows(within, sql`insert into notes values ('half', 'done')`);
      const [own] = await rows<{ pid: number }>(within, sql`select pg_backend_pid() as pid`);
      await rows(db, sql`select pg_terminate_backend(${own?.pid})`);
      await sleep(50);
      return rows(within, sql`insert into notes values ('whole', 'done')`);
    });

    await expect(cut).rejects.toThrow(/terminat|not queryable/i);
    expect(await rows(db, sql`select key from notes`)).toEqual([]);
    await pool.end();
  });
});

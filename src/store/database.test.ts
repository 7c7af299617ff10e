import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import pg from "pg";
import { describe, expect, test } from "vitest";
import {
  openTestPglite,
  openTestServer,
  share,
  type OpenPool,
  describeServer,
} from "../../test/open-test-store.ts";
import { createDatabase, rows, together, upkeepBoss } from "./database.ts";

describe("database, on PGlite", () => {
  tests(openTestPglite);
});
describeServer("database, on PostgreSQL", () => {
  tests(openTestServer);
});

function tests(open: OpenPool): void {
  const opened = share(async () => {
    const fresh = await open();
    await fresh.pool.query("create table things (id text primary key)");
    return fresh;
  });
  const count = async (id: string) => {
    const found = await opened().pool.query("select from things where id = $1", [id]);
    return found.rows.length;
  };
  const isWithinTransaction = async () => {
    const text = "select now() <> statement_timestamp() as is_within";
    return (await opened().pool.query(text)).rows[0].is_within;
  };
  const insert = (id: string) => sql`insert into things (id) values (${id})`;

  test("a transaction is all or nothing", async () => {
    const { transact } = createDatabase(opened().pool);

    await transact(({ db }) => rows(db, insert("whole")));
    const failing = transact(async ({ db }) => {
      await rows(db, insert("half"));
      throw new Error("in the middle");
    });

    await expect(failing).rejects.toThrow("in the middle");
    expect([await count("whole"), await count("half")]).toEqual([1, 0]);
  });

  test("a statement that fails leaves neither an open transaction nor a late one behind it", async () => {
    const { transact } = createDatabase(opened().pool);

    const failing = transact(({ db: within }) => {
      const first = rows(within, sql`select 1/${0}::int`);
      const late = first.catch(() => setImmediate()).then(() => rows(within, insert("late")));
      return together([first, rows(within, insert("together")), late]);
    });

    await expect(failing).rejects.toThrow("division by zero");
    expect([await count("together"), await count("late")]).toEqual([0, 0]);
    expect(await isWithinTransaction()).toBe(false);
  });

  test("a body that throws before its first statement leaves nothing behind", async () => {
    const { transact } = createDatabase(opened().pool);

    await expect(
      transact(async () => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");

    await transact(({ db }) => rows(db, insert("after")));
    expect(await count("after")).toBe(1);
  });

  test.each(["40001", "40P01"])(
    "SQLSTATE %s is tried again, three times at most",
    async (state) => {
      const { transact } = createDatabase(opened().pool);
      let tries = 0;
      const fail = (until: number) =>
        transact(async ({ db }) => {
          tries++;
          if (tries < until)
            await rows(db, sql.raw(`do $$ begin raise sqlstate '${state}'; end $$`));
          return tries;
        });

      expect(await fail(3)).toBe(3);
      tries = 0;
      await expect(fail(9)).rejects.toThrow(pg.DatabaseError);
      expect(tries).toBe(3);
    },
  );

  test("an error says nothing of the rows that it was about", async () => {
    const { db } = createDatabase(opened().pool);
    await rows(db, insert("somebody's words"));

    const error = await rows(db, insert("somebody's words")).catch((caught: unknown) => caught);

    expect(error).toMatchObject({ code: "23505" });
    expect(JSON.stringify({ ...(error as object), message: String(error) })).not.toContain(
      "somebody",
    );
  });

  test("times are Dates to the millisecond, and null parameters have a type", async () => {
    const { db } = createDatabase(opened().pool);
    const at = new Date("2026-03-29T01:30:00.123Z");

    const [row] = await rows(
      db,
      sql`select ${at}::timestamptz as at, ${null}::text as nothing, ${null}::timestamptz is null as none`,
    );

    expect(row).toEqual({ at, nothing: null, none: true });
  });

  test("pg-boss's upkeep may fail within a transaction of its own without keeping it open", async () => {
    const boss = upkeepBoss(opened().pool);

    await expect(boss.executeSql("begin; select 1/0; commit")).rejects.toThrow("division");

    const answer = await boss.executeSql("begin; select 1 as one; select 2 as two; commit");
    expect(answer.rows).toEqual([{ one: 1 }, { two: 2 }]);
    expect(await isWithinTransaction()).toBe(false);
  });

  test("what was left behind by a connection that is thrown away does not reach the next one", async () => {
    const client = await opened().pool.connect();
    await client.query("begin");
    await client.query("insert into things (id) values ('left behind')");
    client.release(true);

    await createDatabase(opened().pool).transact(({ db }) => rows(db, insert("next")));

    expect([await count("left behind"), await count("next")]).toEqual([0, 1]);
  });
}

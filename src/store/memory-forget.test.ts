import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  openTestPglite,
  openTestServer,
  share,
  type OpenPool,
  describeServer,
} from "../../test/open-test-store.ts";
import { FACT } from "../../test/scope-catalogue.ts";
import { newDm, newName } from "../../test/talk.ts";
import { createDatabase } from "./database.ts";
import { createMemories } from "./memories.ts";
import { purgeForgotten } from "./memory-forget.ts";

const tests = (open: OpenPool): void => {
  const opened = share(open);

  test("what is forgotten for three days is gone for good, and nothing else is", async () => {
    const { pool } = opened();
    const database = createDatabase(pool);
    const memories = createMemories({
      database,
      createId: randomUUID,
      now: () => new Date(),
      holdsSecret: () => false,
    });
    const ana = newName("ana");
    const scope = newDm(ana).scope(ana);
    const [old, young] = await memories.learn(scope, [
      { ...FACT, text: "old" },
      { ...FACT, text: "young" },
      { ...FACT, text: "kept" },
    ]);
    for (const each of [old, young])
      if (each && each.kind !== "refused") await memories.forget(scope, each.id);
    await pool.query(
      "update memories set forgotten_at = forgotten_at - interval '73 hours' where text = 'old'",
    );

    await purgeForgotten(database.db);

    const { rows } = await pool.query("select text from memories order by text");
    expect(rows).toEqual([{ text: "kept" }, { text: "young" }]);
  });

  test("what is past its grace period cannot be brought back", async () => {
    const { pool } = opened();
    const database = createDatabase(pool);
    const memories = createMemories({
      database,
      createId: randomUUID,
      now: () => new Date(),
      holdsSecret: () => false,
    });
    const ben = newName("ben");
    const scope = newDm(ben).scope(ben);
    await memories.learn(scope, [{ ...FACT, text: "late" }]);
    await memories.forgetAll(scope);
    await pool.query("update memories set forgotten_at = forgotten_at - interval '73 hours'");
    await pool.query("update memory_people set forgotten_at = forgotten_at - interval '73 hours'");

    expect(await memories.restoreAll(scope)).toBe(0);
  });
};

describe("Forgetting for good, on PGlite", () => {
  tests(openTestPglite);
});
describeServer("Forgetting for good, on PostgreSQL", () => {
  tests(openTestServer);
});

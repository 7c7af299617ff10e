import { expect, test } from "vitest";
import { emptyFolder, usedFolder } from "../../test/data-folder.ts";
import { createTestDatabase, describeServer } from "../../test/open-test-store.ts";
import { silentLog } from "../core/log.ts";
import { lockFolder } from "./embedded/lock.ts";
import { inspectDatabase } from "./inspect.ts";

const inspect = (options: Parameters<typeof inspectDatabase>[1]) =>
  inspectDatabase({ log: silentLog }, options);

test("an embedded database that was never opened is new", async () => {
  await using folder = await emptyFolder();

  expect(await inspect({ kind: "embedded", dataDir: folder.dataDir })).toEqual({ kind: "new" });
});

test("an embedded database is in use while it is open, then open to us", async () => {
  await using folder = await usedFolder();
  const store = { kind: "embedded", dataDir: folder.dataDir } as const;
  const held = await lockFolder(folder.dataDir);
  expect(await inspect(store)).toEqual({ kind: "in-use" });
  await held[Symbol.asyncDispose]();

  expect(await inspect(store)).toMatchObject({
    kind: "open",
    version: expect.stringMatching(/^PostgreSQL \d/),
    migrations: { pending: 0, isNewer: false },
  });
});

test("a server that does not answer is an error without its password", async () => {
  const url = "postgresql://me:hunter22@127.0.0.1:1/name";

  await expect(inspect({ kind: "server", url })).rejects.toThrow(
    /^(?!.*hunter22).*DATABASE_URL does not answer/,
  );
});

describeServer("a server", () => {
  test("says its version and that its tables are up to date", async () => {
    await using database = await createTestDatabase();

    expect(await inspect({ kind: "server", url: database.href })).toEqual({
      kind: "open",
      version: expect.stringMatching(/^PostgreSQL \d+/),
      hasVector: expect.any(Boolean),
      migrations: { pending: 0, isNewer: false },
    });
  });
});

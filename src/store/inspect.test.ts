import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { createTestDatabase } from "../../test/open-test-store.ts";
import { silentLog } from "../core/log.ts";
import { openEmbedded } from "./embedded/open-embedded.ts";
import { inspectDatabase } from "./inspect.ts";

const inspect = (options: Parameters<typeof inspectDatabase>[1]) =>
  inspectDatabase({ log: silentLog }, options);

test("an embedded database is new, then in use while it is open, then open to us", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "clara-inspect-"));
  const store = { kind: "embedded", dataDir } as const;
  try {
    expect(await inspect(store)).toEqual({ kind: "new" });

    const opened = await openEmbedded(dataDir);
    expect(await inspect(store)).toEqual({ kind: "in-use" });
    await opened[Symbol.asyncDispose]();

    expect(await inspect(store)).toMatchObject({
      kind: "open",
      version: expect.stringMatching(/^PostgreSQL \d/),
      migrations: { pending: expect.any(Number), isNewer: false },
    });
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test("a server that does not answer is an error without its password", async () => {
  const url = "postgresql://me:hunter22@127.0.0.1:1/name";

  await expect(inspect({ kind: "server", url })).rejects.toThrow(
    /^(?!.*hunter22).*DATABASE_URL does not answer/,
  );
});

describe.skipIf(inject("serverUrl") === null)("a server", () => {
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

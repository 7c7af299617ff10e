import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { expect, test, vi } from "vitest";
import { startChild } from "../../../test/child.ts";
import { share } from "../../../test/open-test-store.ts";
import { emptyFolder, usedFolder } from "../../../test/data-folder.ts";
import { openEmbedded } from "./open-embedded.ts";
import { openPgliteWorker } from "./worker-client.ts";

// Processes and databases of their own take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const opened = share(async () => {
  const folder = await usedFolder();
  const embedded = await openEmbedded(folder.dataDir);
  return {
    pool: embedded.pool,
    async [Symbol.asyncDispose]() {
      await embedded[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
});

test("a first boot that was interrupted half-way is begun anew", async () => {
  await using folder = await emptyFolder();
  const { dataDir } = folder;
  await mkdir(join(dataDir, "db.unfinished", "base"), { recursive: true });
  await writeFile(join(dataDir, "db.unfinished", "PG_VERSION"), "1");

  await using embedded = await openEmbedded(dataDir);

  const { rows } = await embedded.pool.query("select 1 as one");
  expect(rows).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).toSorted()).toEqual(["clara.lock", "clara.pid", "db"]);
});

test("a process that is killed among its writes loses none that were acknowledged", async () => {
  await using folder = await usedFolder();
  const { dataDir } = folder;
  const child = startChild("accept", { kind: "embedded", dataDir });
  expect(await child.line()).toBe("open");
  const acknowledged: (string | null)[] = [];
  while (acknowledged.length < 500) acknowledged.push(await child.line());

  await child.kill();
  await using embedded = await openEmbedded(dataDir);

  const { rows } = await embedded.pool.query(
    `select count(*)::int as messages,
      count(*) filter (where exists (select from turns where trigger_id = messages.id))::int as turns,
      count(*) filter (where exists (select from pgboss.job where data->>'turnId' = 'turn:' || messages.id))::int as jobs
    from messages where id = any($1)`,
    [acknowledged],
  );
  expect(rows).toEqual([{ messages: 500, turns: 500, jobs: 500 }]);
});

test("a query that takes half a second leaves this thread free", async () => {
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();

  const startedAt = performance.now();
  await opened().pool.query("select pg_sleep(0.5)");

  lag.disable();
  expect(performance.now() - startedAt).toBeGreaterThan(490);
  // Some 5 ms on a machine that does nothing else.
  expect(lag.max / 1e6).toBeLessThan(450);
});

test("it closes while queries run, and answers those first", async () => {
  await using folder = await usedFolder();
  const embedded = await openEmbedded(folder.dataDir);
  const slow = embedded.pool.query("select pg_sleep(0.2), 1 as one");
  const waiting = embedded.pool.query("select 2 as two");

  await embedded[Symbol.asyncDispose]();

  expect((await slow).rows).toMatchObject([{ one: 1 }]);
  expect((await waiting).rows).toEqual([{ two: 2 }]);
  await expect(embedded.pool.query("select 3")).rejects.toThrow("after calling end");
});

test("a folder that is no database is refused in words, not in PGlite's program text", async () => {
  await using folder = await usedFolder();
  const { dataDir } = folder;
  await writeFile(join(dataDir, "db", "global", "pg_control"), "torn");

  const error = await openEmbedded(dataDir).catch((caught: unknown) => caught);

  expect(error).toMatchObject({
    message: expect.stringContaining("does not open. Restore a backup"),
    cause: expect.objectContaining({ message: expect.stringMatching(/^.{1,250}$/s) }),
  });
});

test("a data folder that cannot be made is refused in words", async () => {
  await using folder = await emptyFolder();
  const file = join(folder.dataDir, "file");
  await writeFile(file, "");

  await expect(openEmbedded(join(file, "data"))).rejects.toThrow(
    /cannot be written. Set CLARA_DATA_DIR/,
  );
});

test("a PGlite that has lost itself is given up, with short words for all who wait", async () => {
  await using folder = await usedFolder();
  const worker = await openPgliteWorker(join(folder.dataDir, "db"), { maxAnswerMs: 300 });
  // A message of an impossible length, which PGlite never comes back from.
  const lost = worker.exchange(Uint8Array.from([0x51, 0, 0, 0, 2, 1, 1]));
  const behind = worker.exchange(new Uint8Array());

  await expect(lost).rejects.toThrow("The embedded database stopped: it does not answer");
  await expect(behind).rejects.toThrow("The embedded database stopped");
  await expect(worker.broken).rejects.toThrow("The embedded database stopped");
  await expect(worker.exchange(new Uint8Array())).rejects.toThrow("The embedded database stopped");
  await worker.close();
});

test("answers and questions of many megabytes pass through whole", async () => {
  const text = "0123456789abcdef".repeat(2 ** 20);

  const { rows } = await opened().pool.query("select $1::text as text", [text]);

  expect(rows[0].text === text).toBe(true);
});

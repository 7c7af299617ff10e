import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { usedFolder } from "../../../test/data-folder.ts";
import { silentLog } from "../../core/log.ts";
import { openEmbedded } from "./open-embedded.ts";
import { createUpkeep } from "./upkeep.ts";

const MEGABYTE = 2 ** 20;
const never = new Promise<never>(() => {});

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

// Processes and databases of their own take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test("the log of changes stays below 150 MB over 20,000 rows, and is short in the end", async () => {
  await using folder = await usedFolder();
  await using embedded = await openEmbedded(folder.dataDir);
  const { pool, broken, freeBytes } = embedded;
  const log = join(folder.dataDir, "db", "pg_wal");
  const upkeep = createUpkeep(
    { query: (text) => pool.query(text), freeBytes, broken, log: silentLog },
    { lookEveryMs: 20 },
  );
  const stop = new AbortController();
  const running = upkeep.run(stop.signal);
  await pool.query("create table words (text text)");
  const words = randomBytes(6_000).toString("base64");

  let largest = 0;
  for (let batch = 0; batch < 200; batch++) {
    await pool.query("insert into words select $1 || n from generate_series(1, 100) as n", [
      `${batch}${words}`,
    ]);
    largest = Math.max(largest, await sizeOf(log));
  }

  while ((await sizeOf(log)) > 40 * MEGABYTE) await sleep(20);
  stop.abort();
  await running;
  expect(largest).toBeLessThan(150 * MEGABYTE);
  expect(largest).toBeGreaterThan(16 * MEGABYTE);
});

/** Upkeep over a database that only remembers what it was asked. */
async function upkeepOf(given: { readonly isLong: boolean; readonly freeBytes: number }) {
  const asked: string[] = [];
  const errors: string[] = [];
  const stop = new AbortController();
  const upkeep = createUpkeep(
    {
      async query(text) {
        asked.push(text.trim().split(/\s/)[0] ?? "");
        return { rows: given.isLong ? [{}] : [] };
      },
      freeBytes: async () => given.freeBytes,
      broken: never,
      log: { ...silentLog, error: (_, event) => errors.push(event) },
    },
    { lookEveryMs: 5, vacuumEveryMs: 7 },
  );
  const running = upkeep.run(stop.signal);
  await sleep(60);
  stop.abort();
  await running;
  return { asked: new Set(asked), errors: new Set(errors) };
}

test("a database that changes is checkpointed and vacuumed, one that does not is left in peace", async () => {
  const freeBytes = 10_000 * MEGABYTE;

  expect((await upkeepOf({ isLong: true, freeBytes })).asked).toEqual(
    new Set(["select", "checkpoint", "vacuum"]),
  );
  expect((await upkeepOf({ isLong: false, freeBytes })).asked).toEqual(new Set(["select"]));
});

test("on a full disk nothing is tried that would spoil the session, and somebody is told", async () => {
  const { asked, errors } = await upkeepOf({ isLong: true, freeBytes: MEGABYTE });

  expect(asked).toEqual(new Set(["select"]));
  expect(errors).toEqual(new Set(["disk-full"]));
});

test("it rejects when the database broke", async () => {
  const upkeep = createUpkeep({
    query: async () => ({ rows: [] }),
    freeBytes: async () => 0,
    broken: Promise.reject(new Error("it stopped")),
    log: silentLog,
  });

  await expect(upkeep.run(new AbortController().signal)).rejects.toThrow("it stopped");
});

import { randomUUID } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyFolder, usedFolder } from "../../test/data-folder.ts";
import { fakeMachine } from "../../test/fake-machine.ts";
import { createTestDatabase, describeServer } from "../../test/open-test-store.ts";
import { converse, newDm } from "../../test/talk.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import { EXIT } from "../lib/exit-codes.ts";
import { openEmptyStore, openStore, type StoreOptions } from "../store/index.ts";
import { backup, restore } from "./backup.ts";
import { move } from "./move.ts";

type Verb = typeof backup;

/** Runs one command in an environment, with the real store. */
async function run(verb: Verb, env: Readonly<Record<string, string>>, ...args: string[]) {
  const machine = fakeMachine(env);
  const deps = { machine, openStore, openEmptyStore, random: Math.random, createId: randomUUID };
  const code = await verb(deps, args);
  return { code, said: machine.said(), complained: machine.complained() };
}

const dm = newDm("ana");

const openAt = (options: StoreOptions) =>
  openStore(
    { log: silentLog, fault: noFault, random: Math.random, createId: randomUUID, keys: [] },
    options,
  );

/** A data folder in which somebody has talked. */
async function lived() {
  const folder = await usedFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const { dataDir } = folder;
  await using store = await openAt({ kind: "embedded", dataDir });
  await converse(store, dm.message("ana", "Remember the boat"), "The boat it is");
  return { dataDir, env: { CLARA_DATA_DIR: dataDir } };
}

async function wordsIn(options: StoreOptions) {
  await using store = await openAt(options);
  const asked = { limit: 9, upTo: null, after: null };
  const found = await store.transcript.recent(dm.scope("ana"), dm.conversation.id, asked);
  return found.map(({ text }) => text);
}

async function newFolder() {
  const folder = await emptyFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder.dataDir;
}

test("what clara backup copies, clara restore brings back elsewhere", async () => {
  const { dataDir, env } = await lived();
  const elsewhere = await newFolder();
  const shelf = join(dataDir, "backups");

  const made = await run(backup, env);
  const listed = await run(backup, env, "list");
  const verified = await run(backup, env, "verify");
  const there = { CLARA_DATA_DIR: elsewhere, BACKUP_LOCAL_DIR: shelf };
  const back = await run(restore, there, "latest");

  expect(made.said).toContain("All of it is there, as it was written.");
  expect(listed.said).toMatch(/^2026-|^20\d\d-.* asked .* rows/);
  expect(verified.code).toBe(EXIT.ok);
  expect(back).toMatchObject({ code: EXIT.ok, said: expect.stringContaining("is back") });
  expect(back.said).toContain("have to be entered anew");
  expect(await wordsIn({ kind: "embedded", dataDir: elsewhere })).toEqual([
    "Remember the boat",
    "The boat it is",
  ]);
  await expect(run(restore, there, "latest")).rejects.toThrow("something in this database already");
});

test("clara backup verify finds a copy that was damaged, and clara restore takes none of it", async () => {
  const { dataDir, env } = await lived();
  const elsewhere = await newFolder();
  const shelf = join(dataDir, "backups");
  await run(backup, env);
  const [id = ""] = await readdir(shelf);
  await writeFile(join(shelf, id, "rows/00000.ndjson.gz"), "rubbish");

  const verified = await run(backup, env, "verify", id);
  const there = { CLARA_DATA_DIR: elsewhere, BACKUP_LOCAL_DIR: shelf };
  const back = run(restore, there, id);

  expect(verified).toMatchObject({ code: EXIT.failed });
  expect(verified.complained).toContain("00000.ndjson.gz was changed");
  await expect(back).rejects.toThrow("is damaged, and nothing was changed");
  expect(await wordsIn({ kind: "embedded", dataDir: elsewhere })).toEqual([]);
});

test.each([
  [backup, ["tomorrow"]],
  [backup, ["list", "all"]],
  [backup, ["--all"]],
  [restore, []],
  [restore, ["a", "b"]],
  [move, []],
  [move, ["--help"]],
] as const)("%o %j is told how it is written", async (verb, args) => {
  const { code, complained } = await run(verb, {}, ...args);

  expect(code).toBe(EXIT.usage);
  expect(complained).toContain("clara ");
});

test("a copy that there is not is told with what to do", async () => {
  const env = { CLARA_DATA_DIR: await newFolder() };

  expect((await run(backup, env, "list")).said).toContain('"clara backup" makes one');
  await expect(run(restore, env, "latest")).rejects.toThrow('"clara backup" makes one');
  await expect(run(restore, env, "../../etc")).rejects.toThrow("There is no copy ../../etc");
});

describeServer("with a server", () => {
  test("clara move takes everything there, and back into a folder", async () => {
    const { dataDir, env } = await lived();
    const database = await createTestDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    const elsewhere = await newFolder();

    const there = await run(move, env, database.href);
    const atServer = await wordsIn({ kind: "server", url: database.href });
    const back = await run(move, { ...env, DATABASE_URL: database.href }, elsewhere);

    expect(there.said).toContain("Set DATABASE_URL to that address. If CLARA_SECRET_KEYS");
    expect(back.said).toContain("Set CLARA_DATA_DIR to that folder");
    const words = ["Remember the boat", "The boat it is"];
    expect(atServer).toEqual(words);
    expect(await wordsIn({ kind: "embedded", dataDir: elsewhere })).toEqual(words);
    expect(await wordsIn({ kind: "embedded", dataDir })).toEqual(words);
  });
});

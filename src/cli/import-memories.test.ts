import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyFolder } from "../../test/data-folder.ts";
import { fakeMachine } from "../../test/fake-machine.ts";
import { openEmbeddedStore } from "../../test/open-test-store.ts";
import { systemClock } from "../core/clock.ts";
import { importMemories } from "./import-memories.ts";

const ID = "123456789012345678";

test("clara import tells what came of it, does it once however often it runs, and says how to call it", async () => {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  await using folder = await emptyFolder();
  const file = join(folder.dataDir, "mem0.json");
  const memory = (text: string, user = `discord-${ID}`) => ({ memory: text, user_id: user });
  const all = [
    memory("Sails"),
    memory("My PIN is 4711"),
    memory("Ben's", "discord-9".padEnd(24, "9")),
  ];
  await writeFile(file, JSON.stringify({ results: all }));
  const run = async (...args: string[]) => {
    const machine = fakeMachine();
    const deps = { clock: systemClock, random: Math.random, createId: () => crypto.randomUUID() };
    const openStore = async () => ({ ...store, [Symbol.asyncDispose]: async () => {} });
    const code = await importMemories({ ...deps, machine, openStore }, args);
    return { code, said: machine.said(), complained: machine.complained() };
  };
  const count = async () => (await store.query("select from memories")).length;

  const dry = await run("mem0", file, "--user", ID, "--dry-run");
  const nothing = await count();
  const first = await run("mem0", file, "--user", `discord:${ID}`);
  const second = await run("mem0", file, "--user", ID);
  const wrong = await run("mem0", file);

  expect(dry.said).toContain("1 new");
  expect(dry.said).toContain("Nothing was kept");
  expect(nothing).toBe(0);
  expect(first.said).toMatch(/1 new[^]*refused: 1 with a password[^]*1 of somebody else/);
  expect(second.said).toContain("0 new");
  expect(await count()).toBe(1);
  expect(wrong).toMatchObject({ code: 2, complained: expect.stringContaining("--user ID") });
});

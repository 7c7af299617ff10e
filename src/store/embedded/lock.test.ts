import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { startLockChild } from "../../../test/child.ts";
import { emptyFolder } from "../../../test/data-folder.ts";
import { FolderInUse, lockFolder } from "./lock.ts";

// Processes and databases of their own take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test("a second process is refused with words while the first lives, and takes over when that is killed", async () => {
  await using folder = await emptyFolder();
  const { dataDir } = folder;
  await using first = startLockChild(dataDir);
  expect(await first.line()).toBe("locked");

  const refused = lockFolder(dataDir);
  await expect(refused).rejects.toThrow(FolderInUse);
  await expect(refused).rejects.toThrow(
    `Another Clara (process ${first.pid}) uses the data folder ${dataDir}. Stop it, or set CLARA_DATA_DIR`,
  );
  await using second = startLockChild(dataDir);
  expect(await second.line()).toBeNull();
  expect(second.errors()).toContain(`Another Clara (process ${first.pid})`);

  await first.kill();
  await using taken = await lockFolder(dataDir);
  expect(taken).toBeDefined();
});

test("of several that take a folder over at once exactly one wins", async () => {
  await using folder = await emptyFolder();
  const { dataDir } = folder;
  const dead = startLockChild(dataDir);
  expect(await dead.line()).toBe("locked");
  await dead.kill();

  await using all = new AsyncDisposableStack();
  const children = Array.from({ length: 8 }, () => all.use(startLockChild(dataDir)));
  const lines = await Promise.all(children.map((child) => child.line()));

  expect(lines.filter((line) => line === "locked")).toHaveLength(1);
  expect(lines.filter((line) => line === null)).toHaveLength(7);
});

test("a folder is free again when its holder lets go, and not before, also within one process", async () => {
  await using folder = await emptyFolder();
  const held = await lockFolder(folder.dataDir);
  await expect(lockFolder(folder.dataDir)).rejects.toThrow(`process ${process.pid}`);
  // To ask for it once more here must not free it for others.
  await using other = startLockChild(folder.dataDir);
  expect(await other.line()).toBeNull();

  await held[Symbol.asyncDispose]();

  await using again = await lockFolder(folder.dataDir);
  expect(again).toBeDefined();
});

test.each([
  ["nothing", ""],
  ["a torn text", "{"],
  ["a text", '{"pid":1,"bootId":null,"startTicks":null}'],
  ["five thousand zeros", "\0".repeat(5_000)],
])("a lock file with %s in it is nobody's lock", async (_, text) => {
  await using folder = await emptyFolder();
  await writeFile(join(folder.dataDir, "clara.lock"), text);

  await using held = await lockFolder(folder.dataDir);

  await expect(lockFolder(folder.dataDir)).rejects.toThrow(FolderInUse);
  expect(held).toBeDefined();
});

test("the number of a process that was killed and reused by another is nobody's lock", async () => {
  await using folder = await emptyFolder();
  await writeFile(join(folder.dataDir, "clara.pid"), String(process.pid));

  await using held = await lockFolder(folder.dataDir);

  expect(held).toBeDefined();
});

test("a folder where nothing can be locked is refused in words", async () => {
  await using folder = await emptyFolder();
  await mkdir(join(folder.dataDir, "clara.lock"));

  await expect(lockFolder(folder.dataDir)).rejects.toThrow(
    `The data folder ${folder.dataDir} cannot be locked. Set CLARA_DATA_DIR to a local folder`,
  );
});

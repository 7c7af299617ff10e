import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openKeyFile } from "./key-file.ts";

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((each) => rm(each, { recursive: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clara-key-"));
  folders.push(folder);
  return join(folder, "data");
}

test("a folder gets a key of its own that only its owner reads, and keeps it", async () => {
  const folder = await newFolder();

  const [first, second] = await Promise.all([openKeyFile(folder), openKeyFile(folder)]);

  expect(second.id).toBe(first.id);
  expect((await openKeyFile(folder)).id).toBe(first.id);
  expect((await stat(join(folder, "secret.key"))).mode & 0o777).toBe(0o600);
});

test("a key that others may read is refused with what to do", async () => {
  const folder = await newFolder();
  await openKeyFile(folder);
  await chmod(join(folder, "secret.key"), 0o644);

  await expect(openKeyFile(folder)).rejects.toThrow(/chmod 600/);
});

test("a file that holds no key is left as it is", async () => {
  const folder = await newFolder();
  await openKeyFile(folder);
  await writeFile(join(folder, "secret.key"), "half a k");

  await expect(openKeyFile(folder)).rejects.toThrow(/holds no key of 32 bytes/);
  expect(await readFile(join(folder, "secret.key"), "utf8")).toBe("half a k");
});

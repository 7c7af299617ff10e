import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspaceStore } from "./workspace-store.ts";

const MANY = 1_000_000;

async function openStore() {
  const dir = await mkdtemp(join(tmpdir(), "clara-workspaces-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const store = createWorkspaceStore(dir);
  let at = 0;
  const keep = async (owner: string, text: string, maxBytes = MANY) => {
    const bytes = Buffer.from(text);
    const hash = await store.keepBytes(owner, bytes);
    const entry = {
      path: "/box/../../etc/passwd",
      sizeBytes: bytes.length,
      modifiedAt: new Date(0),
      isProgram: false,
      version: text,
      hash,
    };
    at += 1;
    await store.save(
      owner,
      { savedAt: new Date(at), entries: [entry], marks: ["web:x"] },
      maxBytes,
    );
    return hash;
  };
  const files = () => readdir(dir, { recursive: true });
  return { store, keep, files };
}

test("what was kept last is first, with its marks and its bytes", async () => {
  const { store, keep } = await openStore();
  await keep("ana.home", "old");
  const hash = await keep("ana.home", "new");

  const [newest, before] = await store.snapshots("ana.home");

  expect(newest).toMatchObject({ marks: ["web:x"], entries: [{ hash, version: "new" }] });
  expect(before).toMatchObject({ entries: [{ version: "old" }] });
  expect(Buffer.from(await store.bytes("ana.home", hash)).toString()).toBe("new");
});

test("old states make room, by number and by size, and their bytes go with them", async () => {
  const { store, keep, files } = await openStore();
  for (const text of "abcdefghijklm") await keep("ana.home", text);
  expect(await store.snapshots("ana.home")).toHaveLength(10);
  expect((await files()).filter((path) => /[\da-f]{64}$/.test(path))).toHaveLength(10);

  await keep("ana.home", "nnn", 5);

  expect(await store.snapshots("ana.home")).toHaveLength(3);
});

test("no name that a program chose becomes a path, and no owner is one", async () => {
  const { store, keep, files } = await openStore();
  await keep("ana.home", "x");

  expect(
    (await files()).every((path) =>
      /^ana(\/home(\/[\w-]+\.json|\/bytes(\/[\da-f]{64})?)?)?$/.test(path),
    ),
  ).toBe(true);
  await expect(keep("../up", "x")).rejects.toThrow(/no name of an owner/);
  await expect(store.forget("..")).rejects.toThrow(/no name of an owner/);
  await expect(store.forget("")).rejects.toThrow(/no name of an owner/);
  await expect(store.bytes("ana.home", "../../x")).rejects.toThrow(/pattern/);
});

test("a place is forgotten by itself, a person in all places", async () => {
  const { store, keep, files } = await openStore();
  await keep("ana.home", "1");
  await keep("ana.work", "2");
  await keep("ben.home", "3");

  await store.forget("ana.home");
  expect(await store.snapshots("ana.home")).toEqual([]);
  expect(await store.snapshots("ana.work")).toHaveLength(1);

  await store.forget("ana");
  expect((await files()).filter((path) => path.startsWith("ana"))).toEqual([]);
  expect(await store.snapshots("ben.home")).toHaveLength(1);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkDisk } from "./disk.ts";

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "clara-disk-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const look = (dataDir: string, freeBytes: number) =>
  checkDisk({ dataDir, store: { kind: "embedded", dataDir } }, async () => freeBytes).run(
    AbortSignal.timeout(1_000),
  );

test("little space is a warning, and hardly any is broken", async () => {
  await using folder = await temporaryFolder();

  expect(await look(folder.path, 50e9)).toMatchObject({ verdict: "ok" });
  expect(await look(folder.path, 1e9)).toMatchObject({ verdict: "warning" });
  expect(await look(folder.path, 0.1e9)).toMatchObject({ verdict: "broken" });
});

test("a folder that is not made yet is looked for where it will be", async () => {
  await using folder = await temporaryFolder();

  const finding = await look(join(folder.path, "data", "deeper"), 50e9);

  expect(finding).toMatchObject({ verdict: "ok", says: `50.0 GB free in ${folder.path}` });
});

test("space does not matter when the data is in PostgreSQL", async () => {
  const store = { kind: "server", url: "postgresql://h/n" } as const;

  const finding = await checkDisk({ dataDir: "/nowhere", store }).run(AbortSignal.timeout(1_000));

  expect(finding).toMatchObject({ verdict: "off" });
});

test("the space is the machine's own", async () => {
  await using folder = await temporaryFolder();
  const { path: dataDir } = folder;

  const finding = await checkDisk({ dataDir, store: { kind: "embedded", dataDir } }).run(
    AbortSignal.timeout(1_000),
  );

  expect(finding.says).toMatch(/^\d+\.\d GB free in /);
});

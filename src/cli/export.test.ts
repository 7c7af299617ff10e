import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { usedFolder } from "../../test/data-folder.ts";
import { fakeMachine } from "../../test/fake-machine.ts";
import { converse, newDm, newId } from "../../test/talk.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import { EXIT } from "../lib/exit-codes.ts";
import { sandboxOwnerOf } from "../core/sandbox-owner.ts";
import { createWorkspaceStore } from "../sandbox/index.ts";
import { openStore } from "../store/index.ts";
import { exportPerson } from "./export.ts";

const clock = { now: () => new Date("2026-11-25T12:00:00Z") };
const parts = { random: Math.random, createId: randomUUID };

async function run(env: Readonly<Record<string, string>>, ...args: string[]) {
  const machine = fakeMachine(env);
  const code = await exportPerson({ machine, openStore, clock, ...parts }, args);
  return { code, said: machine.said(), complained: machine.complained() };
}

/** A data folder in which a person has talked and keeps a file whose name would like to be elsewhere. */
async function lived() {
  const folder = await usedFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const { dataDir } = folder;
  const deps = { log: silentLog, fault: noFault, keys: [], ...parts };
  await using store = await openStore(deps, { kind: "embedded", dataDir });
  const id = newId();
  const dm = newDm(id);
  await converse(store, dm.message(id, "Remember the boat"), "The boat it is");
  const fileId = randomUUID();
  const file = { id: fileId, name: "../boat.txt", contentType: "text/plain", sizeBytes: 4 };
  await store.files.add(dm.scope(id), { ...file, sha256: "0".repeat(64), origin: null }, 1_000);
  await store.files.arrived(dm.scope(id), fileId);
  await mkdir(join(dataDir, "files", fileId.slice(0, 2)), { recursive: true });
  await writeFile(join(dataDir, "files", fileId.slice(0, 2), fileId), "boat");
  const workspaces = createWorkspaceStore(join(dataDir, "sandboxes"));
  const owner = sandboxOwnerOf(dm.scope(id));
  const hash = await workspaces.keepBytes(owner, Buffer.from("print(1)"));
  const code = { path: "/box/../../a.py", sizeBytes: 8, modifiedAt: new Date(0), isProgram: false };
  const entries = [{ ...code, version: "1", hash }];
  await workspaces.save(owner, { savedAt: new Date(1), entries, marks: [] }, 1_000);
  return { dataDir, env: { CLARA_DATA_DIR: dataDir }, id };
}

test("clara export writes all that is kept of a person, and the files, for the owner's eyes", async () => {
  const { dataDir, env, id } = await lived();
  const to = join(dataDir, "out");

  const { code, said } = await run(env, "--user", id, "--to", to);

  expect(code).toBe(EXIT.ok);
  expect(said).toContain("and 2 files are in");
  expect(await readFile(join(to, "workspaces", "1-a.py"), "utf8")).toBe("print(1)");
  expect(await readFile(join(to, "workspaces", "list.jsonl"), "utf8")).toContain("/box/../../a.py");
  const json = await readFile(join(to, "clara-2026-11-25.json"), "utf8");
  expect(JSON.parse(json)).toMatchObject({ format: "clara-person" });
  expect(json).toContain("Remember the boat");
  expect(await readFile(join(to, "clara-2026-11-25.md"), "utf8")).toContain("Remember the boat");
  const [name = ""] = await readdir(join(to, "files"));
  expect(name).toMatch(/^[0-9a-f]{8}-boat\.txt$/);
  expect((await stat(join(to, "files", name))).mode & 0o777).toBe(0o600);
  await expect(run(env, "--user", id, "--to", to)).rejects.toThrow("name an empty folder");
});

test.each([[[]], [["--user", "ana", "--to", "out"]], [["--user", "12345"]], [["--all"]]])(
  "%j is told how it is written",
  async (args) => {
    const { code, complained } = await run({}, ...args);

    expect(code).toBe(EXIT.usage);
    expect(complained).toContain("clara export --user ID --to FOLDER");
  },
);

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createMemoryShelf } from "../../test/memory-shelf.ts";
import { newMcpServer } from "../../test/mcp-rows.ts";
import {
  describeServer,
  describeStore,
  share,
  type OpenTestStore,
  type TestStore,
} from "../../test/open-test-store.ts";
import {
  bringTo,
  newFolderHome,
  newServerHome,
  openAt,
  type NewHome,
} from "../../test/restoring.ts";
import { answer, ask, converse, newDm, newName, start } from "../../test/talk.ts";
import type { BackupShelf } from "../core/backup.ts";
import { makeBackup, type MakeDeps, type MakeOptions } from "./make-backup.ts";
import { fileName, manifestName } from "./manifest.ts";
import { listBackups, openBackup, verifyBackup } from "./read-backup.ts";
import { tidyBackups } from "./tidy-backups.ts";

const NAUGHTY = 'tab\t quote" back\\slash \\N {"a":null} \u{1f600} עברית \u202e \r\n end';
const BYTES = Buffer.from("the bytes of a file");
const SAID = [NAUGHTY, "An answer", "Still waiting?", "Answered there", "And now?", "Now too"];
const never = new AbortController().signal;

const options: MakeOptions = {
  why: "asked",
  version: "2026.48.1",
  database: "embedded",
  withSecrets: false,
  settings: { BOT_NAME: "Clara" },
};

const makeDeps = (
  store: TestStore,
  shelf: BackupShelf,
  change: Partial<MakeDeps> = {},
): MakeDeps => ({
  rows: store.rows,
  files: { get: async () => BYTES },
  shelf,
  clock: { now: () => new Date("2026-11-25T22:30:00Z") },
  createId: randomUUID,
  ...change,
});

/** Somebody who has talked, and asks something that nobody has answered yet. */
async function planted(store: TestStore) {
  const name = newName("ana");
  const dm = newDm(name);
  const scope = dm.scope(name);
  await converse(store, dm.message(name, NAUGHTY), "An answer");
  const waiting = await ask(store, dm.message(name, "Still waiting?"));
  const fileId = randomUUID();
  const file = { id: fileId, name: "a.txt", contentType: "text/plain", sizeBytes: 19 };
  await store.files.add(scope, { ...file, sha256: "0".repeat(64), origin: null }, 1_000);
  await store.files.arrived(scope, fileId);
  const owner = { kind: "person", userId: scope.principal.userId } as const;
  await store.secrets.put(owner, "provider:test", "hunter2");
  await store.mcpServers.add(newMcpServer({ owner }));
  return { name, dm, scope, waiting, fileId };
}

const lines = async (
  store: Pick<TestStore, "transcript">,
  { dm, scope }: Awaited<ReturnType<typeof planted>>,
) => {
  const asked = { limit: 9, upTo: null, after: null };
  const found = await store.transcript.recent(scope, dm.conversation.id, asked);
  return found.map(({ role, text, sentAt }) => ({ role, text, sentAt }));
};

const HOMES: readonly (readonly [string, () => Promise<NewHome>])[] = [
  ["an embedded database", newFolderHome],
];

describeStore("A copy", (open: OpenTestStore) => {
  const store = share(open);

  /** Gives what is said there in the end. */
  async function broughtTo(makeHome: () => Promise<NewHome>): Promise<readonly string[]> {
    const shelf = createMemoryShelf();
    const before = await planted(store());
    const files = new Map<string, Uint8Array>();
    const manifest = await makeBackup(makeDeps(store(), shelf), options, never);

    await using home = await makeHome();
    const put = async (id: string, content: Uint8Array) => void files.set(id, content);
    const restored = await bringTo(home, { shelf, files: { put } }, manifest);

    await using after = await openAt(home);
    expect(await lines(after, before)).toEqual(await lines(store(), before));
    expect(files.get(before.fileId)).toEqual(BYTES);
    expect(restored.rows).toBe(manifest.parts.reduce((sum, { rows }) => sum + rows, 0));
    const { userId } = before.scope.principal;
    expect(await after.secrets.names({ kind: "person", userId })).toEqual([]);
    // What waited is answered there, and what comes later gets numbers behind it.
    await answer(after, await start(after, before.waiting), "Answered there");
    await converse(after, before.dm.message(before.name, "And now?"), "Now too");
    return (await lines(after, before)).map(({ text }) => text);
  }

  test.each(HOMES)("comes back in %s as it was", async (_, makeHome) => {
    expect(await broughtTo(makeHome)).toEqual(SAID);
  });

  describeServer("with a server", () => {
    test("comes back in a database of a server as it was", async () => {
      expect(await broughtTo(newServerHome)).toEqual(SAID);
    });
  });

  test("holds secrets when that is asked for, sealed as they are", async () => {
    const shelf = createMemoryShelf();
    await planted(store());

    const manifest = await makeBackup(
      makeDeps(store(), shelf),
      { ...options, withSecrets: true },
      never,
    );

    const part = manifest.parts.find(({ table }) => table === "public.secrets");
    expect(part?.rows).toBeGreaterThan(0);
    expect(JSON.stringify([...shelf.all.values()].map(String))).not.toContain("hunter2");
  });

  test("is refused by a database that has somebody in it, which stays as it is", async () => {
    const shelf = createMemoryShelf();
    await planted(store());
    const manifest = await makeBackup(makeDeps(store(), shelf), options, never);
    await using home = await newFolderHome();
    await bringTo(home, { shelf, files: null }, manifest);

    const again = bringTo(home, { shelf, files: null }, manifest);

    await expect(again).rejects.toThrow("There is something in this database already");
  });
});

describe("Copies", () => {
  const rows: MakeDeps["rows"] = {
    async read(_, keep) {
      const table = { name: "public.files", columns: ["id", "owner"] };
      await keep(table, ['["one","discord:1"]', '["two","discord:1"]']);
      return { migration: 1 };
    },
  };
  const at = (day: string, more: Partial<MakeDeps> = {}): MakeDeps => ({
    rows,
    files: { get: async (id) => Buffer.from(`bytes of ${id}`) },
    shelf: createMemoryShelf(),
    clock: { now: () => new Date(`${day}T03:00:00Z`) },
    createId: randomUUID,
    ...more,
  });

  test("share the bytes of files that have not changed", async () => {
    const shelf = createMemoryShelf();

    const first = await makeBackup(at("2026-11-01", { shelf }), options, never);
    const second = await makeBackup(at("2026-11-02", { shelf }), options, never);

    expect(await shelf.names("files/")).toHaveLength(2);
    expect(await listBackups(shelf)).toEqual([second.id, first.id]);
  });

  test("that are too old go, with the files that only they held; the newest stays however old", async () => {
    const shelf = createMemoryShelf();
    const get = async () => Buffer.from("only then");
    const old = await makeBackup(at("2026-11-01", { shelf, files: { get } }), options, never);
    const newest = await makeBackup(at("2026-11-02", { shelf }), options, never);

    const gone = await tidyBackups(shelf, new Date("2026-12-24T00:00:00Z"), 7);

    expect(gone).toBe(1);
    expect(await listBackups(shelf)).toEqual([newest.id]);
    expect(await shelf.names(`${old.id}/`)).toEqual([]);
    expect(await verifyBackup(shelf, newest, never)).toEqual([]);
    expect(await shelf.names("files/")).toHaveLength(2);
  });

  test("that are being made keep their files while others are tidied away", async () => {
    const shelf = createMemoryShelf();
    await makeBackup(at("2026-11-01", { shelf }), options, never);
    await makeBackup(at("2026-11-20", { shelf }), options, never);
    await shelf.put("2026-11-21T03-00-00Z-abcdef/rows/00000.ndjson.gz", BYTES);
    await shelf.put(fileName("f".repeat(64)), BYTES);

    await tidyBackups(shelf, new Date("2026-11-21T03:00:10Z"), 7);

    expect(await shelf.names("files/ff/")).toHaveLength(1);
  });

  test("that fail half-way leave nothing that looks like one", async () => {
    const shelf = createMemoryShelf();
    const get = async () => {
      throw new Error("The disk is gone");
    };

    const made = makeBackup(at("2026-11-01", { shelf, files: { get } }), options, never);

    await expect(made).rejects.toThrow("The disk is gone");
    expect([...shelf.all.keys()]).toEqual([]);
  });

  test("name files whose bytes are gone", async () => {
    const get = async (id: string) => (id === "one" ? null : BYTES);

    const manifest = await makeBackup(at("2026-11-01", { files: { get } }), options, never);

    expect(manifest.missingFiles).toEqual(["one"]);
  });

  test("are known to be damaged when a part is missing or changed", async () => {
    const shelf = createMemoryShelf();
    const manifest = await makeBackup(at("2026-11-01", { shelf }), options, never);
    const [part] = manifest.parts;
    const [file] = manifest.files;
    assert(part && file);
    await shelf.put(`${manifest.id}/${part.name}`, BYTES);
    await shelf.remove(fileName(file.sha256));

    const problems = await verifyBackup(shelf, manifest, never);

    expect(problems).toEqual([
      `${manifest.id}/${part.name} was changed`,
      `${fileName(file.sha256)} is missing`,
    ]);
  });

  test("that nobody made are told to be missing, whatever they are called", async () => {
    const shelf = createMemoryShelf();

    await expect(openBackup(shelf, "../../etc")).rejects.toThrow("There is no copy ../../etc");
    await expect(openBackup(shelf, "2026-11-01T03-00-00Z-abcdef")).rejects.toThrow(
      "There is no copy",
    );
  });

  test("with a manifest that was cut off are no copies that can be used", async () => {
    const shelf = createMemoryShelf();
    const { id } = await makeBackup(at("2026-11-01", { shelf }), options, never);
    await shelf.put(manifestName(id), Buffer.from('{"format":1,'));

    await expect(openBackup(shelf, id)).rejects.toThrow("manifest.json is broken");
  });
});

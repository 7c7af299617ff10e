import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../test/talk.ts";
import type { Blobs, NewFile } from "../core/files.ts";
import { silentLog } from "../core/log.ts";
import type { Scope } from "../core/principal.ts";
import { clearLeftOver } from "./clear-left-over.ts";
import { createDiskBlobs } from "./disk-blobs.ts";
import { createFileStore } from "./file-store.ts";

const LIMITS = { maxFileBytes: 100, quotaBytes: 150 };

const text = (name: string, words = "words", origin: string | null = null): NewFile => ({
  name,
  contentType: "text/plain",
  content: Buffer.from(words),
  origin,
});

async function open(store: TestStore, change: Partial<Blobs> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "clara-files-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const blobs = { ...createDiskBlobs(folder), ...change };
  const deps = { index: store.files, blobs, createId: randomUUID, log: silentLog };
  const onDisk = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    ).length;
  return { files: createFileStore(deps, LIMITS), blobs: createDiskBlobs(folder), onDisk };
}

const wordsOf = async (files: ReturnType<typeof createFileStore>, scope: Scope, name: string) => {
  const read = await files.read(scope, { by: "name", name });
  return read === null ? null : Buffer.from(read.content).toString();
};

describeStore("The file store", (openStore) => {
  const store = share(openStore);

  test("forgetAll() takes every file of a person in all places, with its bytes, and nobody else's", async () => {
    const { files, onDisk } = await open(store());
    const [name, ben] = [newName("ana"), newName("ben")];
    const [dm, channel] = [newDm(name), newChannel()];
    await files.save(dm.scope(name), text("private.txt"));
    await files.save(channel.scope(name), text("said.txt"));
    await files.save(channel.scope(ben), text("bens.txt"));

    const count = await files.forgetAll(dm.scope(name));

    expect(count).toBe(2);
    expect(await onDisk()).toBe(1);
    expect(await files.list(dm.scope(name))).toEqual([]);
    expect((await files.list(channel.scope(name))).map((file) => file.name)).toEqual(["bens.txt"]);
  });

  test("read() gives back the very bytes, by name, id and origin", async () => {
    const { files } = await open(store());
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    const origin = `discord:${name}`;

    const saved = await files.save(scope, text("a.txt", "Grüße", origin));

    const id = saved.kind === "saved" ? saved.file.id : "";
    expect(await wordsOf(files, scope, "a.txt")).toBe("Grüße");
    expect((await files.read(scope, { by: "id", id }))?.file.name).toBe("a.txt");
    expect((await files.read(scope, { by: "origin", origin }))?.file.id).toBe(id);
  });

  test("a file of a DM is seen in no channel, and one of a channel by all who read there", async () => {
    const { files } = await open(store());
    const name = newName("ana");
    const [dm, channel, other] = [newDm(name), newChannel(), newChannel()];
    await files.save(dm.scope(name), text("private.txt"));
    await files.save(channel.scope(name), text("said.txt"));

    expect(await wordsOf(files, channel.scope(name), "private.txt")).toBeNull();
    expect(await wordsOf(files, channel.scope("ben"), "said.txt")).toBe("words");
    expect(await wordsOf(files, other.scope(name), "said.txt")).toBeNull();
  });

  test("remove() takes one's own, and not what somebody else gave to the same channel", async () => {
    const { files, onDisk } = await open(store());
    const channel = newChannel();
    await files.save(channel.scope("ana"), text("a.txt"));

    expect(await files.remove(channel.scope("ben"), { by: "name", name: "a.txt" })).toBe(false);
    expect(await wordsOf(files, channel.scope("ben"), "a.txt")).toBe("words");
    expect(await files.remove(channel.scope("ana"), { by: "name", name: "a.txt" })).toBe(true);
    expect(await onDisk()).toBe(0);
  });

  test("save() puts a newer file in the place of an older one of the same name", async () => {
    const { files, onDisk } = await open(store());
    const name = newName("ana");
    const scope = newDm(name).scope(name);

    await files.save(scope, text("a.txt", "old"));
    await files.save(scope, text("a.txt", "new"));

    expect(await files.list(scope)).toHaveLength(1);
    expect(await wordsOf(files, scope, "a.txt")).toBe("new");
    expect(await onDisk()).toBe(1);
  });

  test("save() says no to what is too large, and to what would be too much together", async () => {
    const { files, onDisk } = await open(store());
    const name = newName("ana");
    const scope = newDm(name).scope(name);

    const large = await files.save(scope, text("large.txt", "x".repeat(101)));
    const saved = await Promise.all(
      ["a", "b", "c"].map((each) => files.save(scope, text(each, "x".repeat(70)))),
    );

    expect(large).toEqual({ kind: "too-large", maxBytes: 100 });
    expect(saved.map(({ kind }) => kind).toSorted()).toEqual(["full", "saved", "saved"]);
    expect(await onDisk()).toBe(2);
  });

  test("what save() could not put is no file, and counts until the clearing takes row and bytes", async () => {
    // As a bucket whose answer is lost: the bytes are there all the same.
    const lost = async (...[id, content]: Parameters<Blobs["put"]>) => {
      await blobs.put(id, content);
      throw new Error("ECONNRESET");
    };
    const { files, blobs, onDisk } = await open(store(), { put: (...given) => put(...given) });
    let put: Blobs["put"] = lost;
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    const mine = `where owner = '${scope.principal.userId}'`;

    await expect(files.save(scope, text("a.txt", "x".repeat(90)))).rejects.toThrow("ECONNRESET");
    put = blobs.put;
    const full = await files.save(scope, text("b.txt", "x".repeat(90)));
    const listed = await files.list(scope);
    await store().query(`update files set saved_at = now() - interval '61 minutes' ${mine}`);
    await clearLeftOver({ index: store().files, blobs, log: silentLog });

    expect([full.kind, listed]).toEqual(["full", []]);
    expect([await onDisk(), await store().query(`select id from files ${mine}`)]).toEqual([0, []]);
    expect((await files.save(scope, text("b.txt", "x".repeat(90)))).kind).toBe("saved");
  });

  test("what a deleted message had attached is gone at once, and its bytes with the next clearing", async () => {
    const { files, blobs, onDisk } = await open(store());
    const name = newName("ana");
    const dm = newDm(name);
    const attached = { id: `7${name}`, name: "a.txt", contentType: null, sizeBytes: 1, url: "" };
    const said = dm.message(name, "look", { attachments: [attached] });
    await store().inbox.hear([{ scope: dm.scope(name), message: said }]);
    await files.save(dm.scope(name), text("a.txt", "words", `discord:${attached.id}`));
    await files.save(dm.scope(name), text("other.txt"));

    await store().inbox.forget([said.id]);
    const left = (await files.list(dm.scope(name))).map((file) => file.name);
    const cleared = await clearLeftOver({ index: store().files, blobs, log: silentLog });

    expect(left).toEqual(["other.txt"]);
    expect(cleared).toBe(1);
    expect(await onDisk()).toBe(1);
    expect(
      await store().query(
        `select name from files where owner = '${dm.scope(name).principal.userId}'`,
      ),
    ).toEqual([{ name: "other.txt" }]);
  });

  test("a row whose bytes never came is no file, and is cleared after an hour; bytes that cannot go yet are tried again", async () => {
    const died = () => new Promise<void>(() => {});
    const { files, blobs } = await open(store(), { put: died });
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    const clear = (remove: typeof blobs.remove) =>
      clearLeftOver({ index: store().files, blobs: { remove }, log: silentLog });
    void files.save(scope, text("a.txt"));
    const mine = `from files where owner = '${scope.principal.userId}'`;
    await expect.poll(() => store().query(`select state ${mine}`)).toEqual([{ state: "coming" }]);

    const young = await clear(blobs.remove);
    await store().query(
      `update files set saved_at = now() - interval '61 minutes' where owner = '${scope.principal.userId}'`,
    );
    const stuck = await clear(() => Promise.reject(new Error("away")));
    const cleared = await clear(blobs.remove);

    expect(await files.list(scope)).toEqual([]);
    expect([young, stuck, cleared]).toEqual([0, 0, 1]);
    expect(await store().query(`select id ${mine}`)).toEqual([]);
  });

  test("read() gives nothing when the bytes are not those that were saved", async () => {
    const { files, blobs } = await open(store());
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    const saved = await files.save(scope, text("a.txt"));

    await blobs.put(saved.kind === "saved" ? saved.file.id : "", Buffer.from("other"));

    expect(await wordsOf(files, scope, "a.txt")).toBeNull();
  });
});

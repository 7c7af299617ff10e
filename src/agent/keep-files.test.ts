import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { openEmbeddedStore } from "../../test/open-test-store.ts";
import { call, say, scriptedModel } from "../../test/scripted-model.ts";
import { ask, newDm, newName } from "../../test/talk.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import type { NewFile, StoredFile } from "../core/files.ts";
import { userId } from "../core/ids.ts";
import type { OutgoingPart } from "../core/outlet.ts";
import { defineTool } from "../core/tool.ts";
import type { KeptFile } from "../core/turn.ts";
import { filesOfAnswer, keepFiles, withFiles, type KeepsFiles } from "./keep-files.ts";

const MB = 1_024 * 1_024;
const kept = (name: string, sizeBytes = 1): KeptFile => ({
  fileId: name,
  name,
  contentType: "text/plain",
  sizeBytes,
});

/** Files in memory, one owner. */
function memoryFiles(): KeepsFiles & { readonly saved: NewFile[] } {
  const saved: NewFile[] = [];
  const toFile = ({ name, contentType, content }: NewFile, index: number): StoredFile => ({
    id: String(index),
    owner: userId("discord:ana"),
    name,
    contentType,
    sizeBytes: content.length,
    sha256: "",
    savedAt: new Date(0),
  });
  return {
    saved,
    async save(_, file) {
      saved.push(file);
      return { kind: "saved", file: toFile(file, saved.length - 1) };
    },
    async read(_, key) {
      const index = key.by === "id" ? Number(key.id) : -1;
      const file = saved[index];
      return file ? { file: toFile(file, index), content: file.content } : null;
    },
  };
}

const scope = newDm("ana").scope("ana");

test("an answer carries ten files and 25 MB at most, and tells which ones stay behind", () => {
  const many = Array.from({ length: 12 }, (_, index) => kept(`${index}.txt`));

  const few = filesOfAnswer(many);
  const light = filesOfAnswer([kept("a", 20 * MB), kept("b", 10 * MB), kept("c", MB)]);

  expect(few.files).toHaveLength(10);
  expect(few.remark).toContain("10.txt, 11.txt");
  expect(light.files.map(({ name }) => name)).toEqual(["a", "c"]);
});

test("of two files of one name the newer one goes out", () => {
  const files = [
    { ...kept("a"), fileId: "old" },
    { ...kept("a"), fileId: "new" },
  ];

  expect(filesOfAnswer(files).files.map(({ fileId }) => fileId)).toEqual(["new"]);
});

test("files go with the last message, or alone where there is none or it is a file itself", () => {
  const [one, two] = [
    { content: "One.", file: null },
    { content: "Two.", file: null },
  ];
  const long = { content: "Long.", file: { name: "answer.md", text: "..." } };
  const files = [kept("a")];

  expect(withFiles([one, two], files)).toEqual([one, { ...two, files }]);
  expect(withFiles([], files)).toEqual([{ content: "", file: null, files }]);
  expect(withFiles([long], files)).toEqual([long, { content: "", file: null, files }]);
});

test("a file that is too large, or cannot be kept, is told to the model with the reason", async () => {
  const file = { name: "a.bin", contentType: "x/y", content: new Uint8Array(26 * MB) };

  const large = await keepFiles(memoryFiles(), scope, [file]);
  const nowhere = await keepFiles(null, scope, [{ ...file, content: new Uint8Array(1) }]);

  expect(large).toEqual({
    kept: [],
    words: "\n[a.bin was not attached: it has 26 MB, and the limit is 25 MB]",
  });
  expect(nowhere.words).toBe("\n[a.bin was not attached: no files can be kept here]");
});

test("an answer with a file is one message with its file, although the first send was not heard of", async () => {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const name = newName("ana");
  const place = newDm(name);
  const fake = createFakeOutlet({ idPrefix: `${name}-` });
  const uploads = new Map<string, readonly string[]>();
  const note = (id: string, part: OutgoingPart) =>
    uploads.set(
      id,
      (part.uploads ?? []).map((each) => `${each.name}: ${Buffer.from(each.content).toString()}`),
    );
  const outlet: typeof fake = {
    ...fake,
    voice: { ...fake.voice, takesFiles: true },
    async edit(at, id, part, signal) {
      note(id, part);
      return fake.edit(at, id, part, signal);
    },
    async send(at, part, signal) {
      const sent = await fake.send(at, part, signal);
      if (sent.kind === "sent" && !uploads.has(sent.messageId)) note(sent.messageId, part);
      return sent;
    },
  };
  fake.faults.push({ on: "send", when: "after" });
  const paint = defineTool({
    name: "paint",
    description: "",
    label: "Painting",
    effect: "write",
    timeoutMs: 1_000,
    input: z.object({}),
    run: async () => ({
      text: "Painted.",
      files: [{ name: "art.txt", contentType: "text/plain", content: Buffer.from("art") }],
    }),
  });
  const files = memoryFiles();
  const model = scriptedModel([call(["paint", {}]), say("Here.")]);
  const deps = { ...turnDeps({ store, outlet, model, tools: [paint] }), files };

  await attempt({ store, deps }, await ask(store, place.message(name, "Paint")));

  expect(fake.messages.map(({ content }) => content)).toEqual(["Here."]);
  expect(uploads.get(fake.messages[0]?.id ?? "")).toEqual(["art.txt: art"]);
  expect(files.saved).toHaveLength(1);
});

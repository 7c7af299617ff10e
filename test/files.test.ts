/** Files through the whole house: from a person's upload to the model, and from a tool to the answer. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createTurnRunner } from "../src/agent/turn-runner.ts";
import type { Transcriber } from "../src/core/files.ts";
import { silentLog } from "../src/core/log.ts";
import { defineTool, type Tool } from "../src/core/tool.ts";
import {
  createAttachmentReader,
  createDiskBlobs,
  createFileStore,
  createListener,
  keepAttachments,
} from "../src/files/index.ts";
import { createTranscriber } from "../src/llm/transcriber.ts";
import { fileTools } from "../src/tools/files/all.ts";
import { startFakeDiscord } from "./fake-discord/index.ts";
import { SPEECH_KEY, startMockSpeech } from "./mock-speech.ts";
import { goOnline } from "./open-discord.ts";
import { readingLimits } from "./reading-limits.ts";
import { call, say, scriptedModel, type ScriptedModel } from "./scripted-model.ts";
import { turnDeps } from "./turn-deps.ts";

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "teal" } })
    .png()
    .toBuffer();

const CONTENT = "BT /F1 24 Tf 50 100 Td (Rent is due) Tj ET";
const PDF = `%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Count 1 /Kids [4 0 R] >>
endobj
3 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>
endobj
4 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>
endobj
5 0 obj
<< /Length ${CONTENT.length} >>
stream
${CONTENT}
endstream
endobj
trailer
<< /Size 6 /Root 1 0 R >>
%%EOF`;

const painting = (content: Uint8Array): Tool =>
  defineTool({
    name: "paint",
    description: "Paints.",
    label: "Painting",
    effect: "write",
    timeoutMs: 5_000,
    input: z.object({}),
    run: async () => ({
      text: "Painted.",
      files: [{ name: "../art\u202E.png", contentType: "image/png", content }],
    }),
  });

/** Clara online, with files; `tools` besides those for files. */
async function open(
  model: ScriptedModel,
  tools: readonly Tool[] = [],
  transcriber: Transcriber | null = null,
) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), "clara-files-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  let poke = () => {};
  const { clara, store } = await goOnline(discord, {}, null, { poke: () => poke() });
  const log = silentLog;
  const files = createFileStore(
    { index: store.files, blobs: createDiskBlobs(folder), createId: randomUUID, log },
    { maxFileBytes: 50_000_000, quotaBytes: 100_000_000 },
  );
  const reader = createAttachmentReader({ log }, readingLimits);
  const all = [...fileTools({ files, reader }), ...tools];
  let fetched = 0;
  const source: typeof clara.attachments = {
    fetch(...given) {
      fetched++;
      return clara.attachments.fetch(...given);
    },
  };
  const listen = createListener(
    {
      transcriber,
      spokenWords: store.spokenWords,
      charge: store.ledger.charge,
      allow: async () => true,
      log,
    },
    { maxSeconds: 60, maxChars: 10_000 },
  );
  const runner = createTurnRunner(
    {
      ...turnDeps({ store, outlet: clara.outlet, model, tools: all }),
      files,
      readAttachments: ({ scope }, attachments, signal) =>
        reader.read(
          keepAttachments({ files, log }, scope, source, attachments),
          attachments,
          signal,
        ),
      listen: (turn, attachments, signal) => listen(source, turn, attachments, signal),
    },
    { graceMs: 0 },
  );
  ({ poke } = runner);
  const stopping = new AbortController();
  const running = runner.run(stopping.signal);
  onTestFinished(async () => {
    stopping.abort();
    await running;
  });
  return { discord, store, fetched: () => fetched };
}

const partsOf = (model: ScriptedModel, index: number) => {
  const last = model.requests[index]?.messages.at(-1);
  return last?.role === "user" ? last.content : [];
};

test("the model sees a picture and a PDF that a person uploads, and both are kept for that person", async () => {
  const model = scriptedModel([say("Seen."), say("Seen again.")]);
  const { discord, store, fetched } = await open(model);

  const question = await discord.ana.says("@Clara look", {
    files: [
      { name: "a.png", bytes: await picture(40, 30) },
      { name: "lease.pdf", bytes: PDF },
    ],
  });
  await discord.general.waitFor(({ content }) => content === "Seen.");
  await discord.ana.says("@Clara and again?", { replyTo: question });
  await discord.general.waitFor(({ content }) => content === "Seen again.");

  expect(partsOf(model, 0).slice(1)).toEqual([
    { type: "text", text: "[image: a.png]" },
    { type: "image", mediaType: "image/png", data: expect.any(String) },
    { type: "text", text: expect.stringContaining("Rent is due") },
  ]);
  expect(partsOf(model, 1).slice(1)).toEqual(partsOf(model, 0).slice(1));
  expect(fetched()).toBe(2);
  expect(await store.query("select name, owner from files order by name")).toEqual([
    { name: "a.png", owner: `discord:${discord.ana.id}` },
    { name: "lease.pdf", owner: `discord:${discord.ana.id}` },
  ]);
});

test("a picture that a tool made hangs on the answer, once, with its very bytes and a harmless name", async () => {
  const art = await picture(300, 200);
  const model = scriptedModel([call(["paint", {}]), say("Here it is.")]);
  const { discord } = await open(model, [painting(art)]);

  await discord.ana.says("@Clara paint");
  const answer = await discord.general.waitFor(
    ({ content, files }) => content === "Here it is." && files.length > 0,
  );

  expect(answer.files.map(({ name }) => name)).toEqual(["art.png"]);
  expect(Buffer.from(answer.files[0]?.bytes ?? []).equals(art)).toBe(true);
});

test("a file that was kept is read and sent in the place where it was said, and nowhere else", async () => {
  const look = call(
    ["read_local_file", { filename: "plan.md" }],
    ["send_local_file", { filename: "plan.md" }],
  );
  const model = scriptedModel([say("Kept."), look, say("That was it."), look, say("Not here.")]);
  const { discord } = await open(model);

  await discord.ana.dm("keep this", { files: [{ name: "plan.md", bytes: "the secret plan" }] });
  await discord.ana.dmPlace().waitFor(({ content }) => content === "Kept.");
  await discord.ana.dm("show it");
  const shown = await discord.ana
    .dmPlace()
    .waitFor(({ content, files }) => content === "That was it." && files.length > 0);
  await discord.ana.says("@Clara show it");
  const here = await discord.general.waitFor(({ content }) => content === "Not here.");

  expect(shown.files[0]?.text).toBe("the secret plan");
  expect(here.files).toEqual([]);
  expect(JSON.stringify(model.requests[2]?.messages)).toContain("the secret plan");
  expect(JSON.stringify(model.requests[4]?.messages)).not.toContain("the secret plan");
});

test("a text that the model writes becomes a file, and so do words it saves", async () => {
  const model = scriptedModel([
    call(
      ["create_file_attachment", { filename: "table.csv", content: "a,b\n1,2" }],
      ["save_to_local", { filename: "note.txt", content: "kept" }],
    ),
    call(["list_local_files", {}]),
    say("Done."),
  ]);
  const { discord } = await open(model);

  await discord.ana.dm("write");
  const answer = await discord.ana
    .dmPlace()
    .waitFor(({ content, files }) => content === "Done." && files.length > 0);

  expect(answer.files.map(({ name, text }) => [name, text])).toEqual([["table.csv", "a,b\n1,2"]]);
  const listed = JSON.stringify(model.requests[2]?.messages.at(-1));
  expect(listed).toMatch(/note\.txt .*table\.csv/);
});

test("a voice message is the question itself: heard once, kept with its message, and on the ledger", async () => {
  const server = await startMockSpeech();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { baseUrl } = server;
  const options = { baseUrl, apiKey: SPEECH_KEY, model: "whisper-1", usdPerMinute: 0.006 };
  const model = scriptedModel([say("At nine."), say("Still nine.")]);
  const { discord, store } = await open(model, [], createTranscriber({ fetch }, options));
  const voice = { name: "voice-message.ogg", bytes: "When does the train leave?", voiceSecs: 3 };

  await discord.ana.dm("", { files: [voice] });
  await discord.ana.dmPlace().waitFor(({ content }) => content === "At nine.");
  await discord.ana.dm("and now?");
  await discord.ana.dmPlace().waitFor(({ content }) => content === "Still nine.");

  const question = partsOf(model, 0);
  expect(question).toHaveLength(1);
  expect(JSON.stringify(question)).toMatch(
    /ana.*\[voice message, 3 s\]\\n  When does the train leave\?/i,
  );
  expect(JSON.stringify(question)).not.toContain("attached");
  expect(JSON.stringify(model.requests[1]?.messages)).toContain("When does the train leave?");
  expect(server.requests).toHaveLength(1);
  expect(
    await store.query(
      "select purpose, cost_usd::float8 as cost from usage where purpose = 'speech'",
    ),
  ).toEqual([{ purpose: "speech", cost: 0.003 }]);
});

import { expect, onTestFinished, test } from "vitest";
import { SPEECH_KEY, startMockSpeech } from "../../test/mock-speech.ts";
import type { Sound } from "../core/files.ts";
import { createTranscriber } from "./transcriber.ts";

const ALIVE = new AbortController().signal;
const sound = (words: string, change: Partial<Sound> = {}): Sound => ({
  name: "../my secret plans.ogg",
  contentType: "audio/ogg",
  seconds: 12,
  bytes: Buffer.from(words),
  ...change,
});

async function start(apiKey: string | null = SPEECH_KEY) {
  const server = await startMockSpeech();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const options = { baseUrl: server.baseUrl, apiKey, model: "whisper-1", usdPerMinute: 0.006 };
  return { server, transcriber: createTranscriber({ fetch }, options) };
}

test("speech becomes words, with what it cost by the seconds that the service counted", async () => {
  const { server, transcriber } = await start();

  const heard = await transcriber.transcribe(sound("Hello Clara"), ALIVE);

  expect(heard).toMatchObject({
    kind: "heard",
    text: "Hello Clara",
    cost: { model: "whisper-1", usage: { costUsd: 0.003, estimated: false } },
  });
  expect(server.requests).toEqual([
    { model: "whisper-1", fileName: "sound.ogg", bytes: Buffer.from("Hello Clara") },
  ]);
});

test("a service that does not count is paid by how long the sound is, or by its size", async () => {
  const { transcriber } = await start();

  const told = await transcriber.transcribe(sound("old"), ALIVE);
  const bySize = await transcriber.transcribe(sound("old".padEnd(8_000), { seconds: null }), ALIVE);

  expect(told).toMatchObject({
    cost: { usage: { costUsd: expect.closeTo(0.0012, 6), estimated: true } },
  });
  expect(bySize).toMatchObject({
    cost: { usage: { costUsd: expect.closeTo(0.0002, 6), estimated: true } },
  });
});

test.each([
  ["status 400", /cannot make anything of it/],
  ["status 404", /TRANSCRIPTION_MODEL/],
  ["status 413", /too large/],
])("a fault of the service becomes words for people: %s", async (said, why) => {
  const { transcriber } = await start();

  expect(await transcriber.transcribe(sound(said), ALIVE)).toMatchObject({
    kind: "refused",
    why: expect.stringMatching(why),
  });
});

test("a wrong key is told without the key, and a stop is a stop", async () => {
  const { transcriber } = await start("sk-wrong");

  const heard = await transcriber.transcribe(sound("Hello"), ALIVE);

  expect(heard).toEqual({
    kind: "refused",
    why: expect.stringContaining("TRANSCRIPTION_API_KEY"),
    status: 401,
  });
  expect(JSON.stringify(heard)).not.toContain("sk-wrong");
  await expect(transcriber.transcribe(sound("Hello"), AbortSignal.abort())).rejects.toThrow(
    "abort",
  );
});

test("what lies with the service has its status, what lies with the sound none", async () => {
  const { transcriber } = await start();
  const heard = (words: string) => transcriber.transcribe(sound(words), ALIVE);

  expect(await heard("status 404")).toHaveProperty("status", 404);
  expect(await heard("status 413")).not.toHaveProperty("status");
});

test("a service that is not there is told as such; any other fault is thrown", async () => {
  const options = { baseUrl: "http://127.0.0.1:1/v1", apiKey: null, model: "m", usdPerMinute: 0 };
  const transcriber = createTranscriber({ fetch }, options);
  const none = sound("", { bytes: null as unknown as Buffer });

  expect(await transcriber.transcribe(sound("Hello"), ALIVE)).toEqual({
    kind: "refused",
    why: expect.stringContaining("does not answer now"),
    status: 0,
  });
  await expect(transcriber.transcribe(none, ALIVE)).rejects.toThrow("Unexpected data type");
});

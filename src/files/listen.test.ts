import { expect, test } from "vitest";
import { newDm } from "../../test/talk.ts";
import type { AttachmentSource, SaidAttachment, Transcriber } from "../core/files.ts";
import { messageId, turnIdOf } from "../core/ids.ts";
import { silentLog } from "../core/log.ts";
import { createListener } from "./listen.ts";

const ALIVE = new AbortController().signal;
const MESSAGE = messageId("discord:1");
const dm = newDm("ana");
const TURN = { id: turnIdOf(MESSAGE), scope: dm.scope("ana"), conversation: dm.conversation };
const COST = {
  provider: "speech",
  model: "m",
  usage: {
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    costUsd: 1,
    estimated: false,
  },
};

const sound = (change: Partial<SaidAttachment> = {}): SaidAttachment => ({
  id: "7",
  name: "voice-message.ogg",
  contentType: "audio/ogg",
  sizeBytes: 100,
  url: "",
  authorId: "discord:ana",
  messageId: MESSAGE,
  ...change,
});
const source: AttachmentSource = {
  fetch: async () => ({ kind: "fetched", bytes: Buffer.from("x") }),
};
const hearing = (text: string): Transcriber => ({
  transcribe: async () => ({ kind: "heard", text, cost: COST }),
});

function open(transcriber: Transcriber | null, isAllowed = true) {
  const kept: string[] = [];
  const charged: string[] = [];
  const logged: unknown[] = [];
  const listen = createListener(
    {
      transcriber,
      spokenWords: {
        keep: async (_, id, attachment, words) => kept.push(`${id} ${attachment} ${words}`) > 0,
      },
      charge: async (_, conversation, { purpose }) =>
        void charged.push(`${conversation} ${purpose}`),
      allow: async () => isAllowed,
      log: { ...silentLog, warn: (fields, event) => void logged.push({ ...fields, event }) },
    },
    { maxSeconds: 60, maxChars: 1_000 },
  );
  const hear = (...given: readonly SaidAttachment[]) => listen(source, TURN, given, ALIVE);
  return { hear, kept, charged, logged };
}

test("a voice message is heard once, paid once, and is no part beside its own message", async () => {
  const { hear, kept, charged } = open(hearing(" Hello "));
  const text = sound({ id: "8", name: "a.txt", contentType: null });

  const first = await hear(sound({ isVoice: true }), text);
  const again = await hear(sound({ isVoice: true, words: "Hello" }));

  expect(first).toEqual({ isChanged: true, rest: [text], parts: [] });
  expect(again).toEqual({ isChanged: false, rest: [], parts: [] });
  expect(kept).toEqual(["discord:1 7 Hello"]);
  expect(charged).toEqual([`${dm.conversation.id} speech`]);
});

test("another recording is a file, whose words stand between marks", async () => {
  const { hear } = open(hearing("Buy now"));

  const { parts } = await hear(sound({ name: "x]ad.mp3" }));

  expect(parts).toEqual([
    { type: "text", text: "[heard in the recording xad.mp3]\nBuy now\n[end of recording]" },
  ]);
});

test.each([
  ["hearing is not set up", null, true, sound()],
  ["it lasts 61 s, and the limit is 60 s", hearing("x"), true, sound({ seconds: 61 })],
  ["it is larger than 25 MB", hearing("x"), true, sound({ sizeBytes: 30_000_000 })],
  ["a budget of today is spent", hearing("x"), false, sound()],
  [
    "it could not be heard just now",
    { transcribe: () => Promise.reject(new Error("away")) },
    true,
    sound(),
  ],
])("what is not heard says why: %s", async (why, transcriber, isAllowed, given) => {
  const { hear, kept } = open(transcriber, isAllowed);

  const { parts, isChanged } = await hear(given);

  expect(parts).toEqual([{ type: "text", text: expect.stringContaining(`was not read: ${why}`) }]);
  expect([isChanged, kept]).toEqual([false, []]);
});

test("a recording without words is heard and paid once, and is said to have none each time", async () => {
  const { hear, kept, charged } = open(hearing(" "));

  const first = await hear(sound());
  const again = await hear(sound({ words: "" }));

  const none = {
    isChanged: false,
    rest: [],
    parts: [{ type: "text", text: expect.stringContaining("no words are to be heard in it") }],
  };
  expect([first, again]).toEqual([none, none]);
  expect(kept).toEqual(["discord:1 7 "]);
  expect(charged).toHaveLength(1);
});

test("of many recordings a few are heard", async () => {
  const { hear, charged } = open(hearing("x"));

  const { parts } = await hear(...["1", "2", "3", "4", "5"].map((id) => sound({ id })));

  expect(charged).toHaveLength(3);
  expect(JSON.stringify(parts)).toContain("only 3 recordings");
});

test("whoever runs her hears once, by the status alone, that the service refused; not of a poor sound", async () => {
  const refusing = (more: object): Transcriber => ({
    transcribe: async () => ({ kind: "refused", why: "not now", ...more }),
  });
  const [key, poor] = [open(refusing({ status: 401 })), open(refusing({}))];

  await key.hear(sound());
  await poor.hear(sound());

  expect(key.logged).toEqual([{ attachmentId: "7", status: 401, event: "sound-refused" }]);
  expect(poor.logged).toEqual([]);
});

import { describe, expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import {
  answer,
  answered,
  ask,
  converse,
  hear,
  newChannel,
  newId,
  start,
  type Place,
} from "../../test/talk.ts";
import { messageId } from "../core/ids.ts";
import type { TranscriptMessage } from "../core/message.ts";

const texts = (lines: readonly TranscriptMessage[]) => lines.map(({ text }) => text);

describeStore("transcript", (open) => {
  const store = share(open);
  const recent = (
    place: Place,
    options: Partial<Parameters<ReturnType<typeof store>["transcript"]["recent"]>[2]> = {},
  ) =>
    store().transcript.recent(place.scope("ana"), place.conversation.id, {
      limit: 50,
      upTo: null,
      after: null,
      ...options,
    });
  const said = async (place: Place, ...words: string[]) => {
    const messages = words.map((text) => place.message("ana", text));
    await hear(store(), ...messages);
    return messages;
  };

  describe("recent()", () => {
    test("gives the newest messages, oldest first", async () => {
      const place = newChannel();
      await said(place, "one", "two", "three");

      expect(texts(await recent(place, { limit: 2 }))).toEqual(["two", "three"]);
      expect(texts(await recent(place, { limit: 100_000 }))).toEqual(["one", "two", "three"]);
      expect(await recent(place, { limit: 0 })).toEqual([]);
    });

    test("goes up to and with a message", async () => {
      const place = newChannel();
      const [, two] = await said(place, "one", "two", "three");

      expect(texts(await recent(place, { upTo: two?.id ?? null }))).toEqual(["one", "two"]);
      expect(await recent(place, { upTo: messageId("discord:unknown") })).toEqual([]);
    });

    test("begins after an instant, to the millisecond", async () => {
      const place = newChannel();
      const sentAt = new Date("2026-05-01T12:00:00.123Z");
      const later = new Date(sentAt.getTime() + 1);
      await hear(
        store(),
        place.message("ana", "at", { sentAt }),
        place.message("ana", "after", { sentAt: later }),
      );

      expect(texts(await recent(place, { after: sentAt }))).toEqual(["after"]);
      expect((await recent(place))[0]?.sentAt).toEqual(sentAt);
    });

    test("an answer stands right after its question, though more was said while it was composed", async () => {
      const place = newChannel();
      const first = place.message("ana", "first?");
      const second = place.message("ben", "second?");
      const [one, two] = [await ask(store(), first), await ask(store(), second)];
      await answer(store(), await start(store(), one), "first!");
      await answer(store(), await start(store(), two), "second!");

      expect(texts(await recent(place))).toEqual(["first?", "first!", "second?", "second!"]);
      expect(texts(await recent(place, { upTo: second.id }))).toEqual([
        "first?",
        "first!",
        "second?",
      ]);
    });

    test("leaves out what has neither words nor files", async () => {
      const place = newChannel();
      const file = { id: "1", name: "a", contentType: null, sizeBytes: 1, url: "https://x/a" };
      await hear(
        store(),
        place.message("ana", ""),
        place.message("ana", "", { attachments: [file] }),
        place.message("ana", "words"),
      );

      expect(texts(await recent(place))).toEqual(["", "words"]);
    });
  });

  describe("chain()", () => {
    const chain = (place: Place, id: string, limit = 10) =>
      store().transcript.chain(place.scope("ana"), messageId(id), limit);

    test("goes from a message to what it replies to, and so on", async () => {
      const place = newChannel();
      const one = place.message("ana", "one");
      const two = place.message("ben", "two", { replyTo: one.id });
      const three = place.message("ana", "three", { replyTo: two.id });
      await hear(store(), one, two, three, place.message("ana", "aside"));

      expect(texts(await chain(place, three.id))).toEqual(["three", "two", "one"]);
      expect(texts(await chain(place, three.id, 2))).toEqual(["three", "two"]);
      expect(await chain(place, "discord:unknown")).toEqual([]);
    });

    test("passes through Clara's answers to their questions", async () => {
      const place = newChannel();
      const question = place.message("ana", "question");
      const { answerId } = await converse(store(), question, "answer");
      const next = place.message("ana", "next", { replyTo: messageId(`discord:${answerId}`) });
      await hear(store(), next);

      expect(texts(await chain(place, next.id))).toEqual(["next", "answer", "question"]);
    });

    test("a reply to a later part of an answer means the answer", async () => {
      const place = newChannel();
      const question = place.message("ana", "question");
      const { lease, job } = await start(store(), await ask(store(), question));
      const parts = ["a", "b", "c"].map((content) => ({ content, file: null }));
      await store().outbox.plan(lease, parts, answered("abc"));
      const ids = [newId(), newId(), newId()];
      for (const [part, id] of ids.entries()) await store().outbox.settle(lease, part, "done", id);
      await store().turns.finish(lease, job, answered("abc"));
      const next = place.message("ana", "next", { replyTo: messageId(`discord:${ids[2]}`) });
      await hear(store(), next);

      expect(texts(await chain(place, next.id))).toEqual(["next", "abc", "question"]);
      expect(texts(await chain(place, `discord:${ids[1]}`))).toEqual(["abc", "question"]);
    });

    test("messages that reply to each other in a ring end at the limit", async () => {
      const place = newChannel();
      const one = place.message("ana", "one");
      const two = place.message("ana", "two", { replyTo: one.id });
      await hear(store(), { ...one, replyTo: two.id }, two);

      expect(await chain(place, two.id, 5)).toHaveLength(5);
    });

    test("holds a message that is nothing but a file", async () => {
      const place = newChannel();
      const file = { id: "1", name: "a", contentType: null, sizeBytes: 1, url: "https://x/a" };
      const picture = place.message("ana", "", { attachments: [file] });
      await hear(store(), picture);

      expect(await chain(place, picture.id)).toMatchObject([{ attachments: [file] }]);
    });
  });

  describe("search()", () => {
    const search = async (place: Place, words: string, from: string | null = null, limit = 10) =>
      texts(
        await store().transcript.search(place.scope("ana"), place.conversation.id, {
          words,
          from,
          limit,
        }),
      );

    test("finds messages that hold a word, best first and newest first", async () => {
      const place = newChannel();
      await said(place, "a red car", "nothing", "a RED house", "a red car and a house");

      expect(await search(place, "red house")).toEqual([
        "a red car and a house",
        "a RED house",
        "a red car",
      ]);
      expect(await search(place, "red", null, 1)).toEqual(["a red car and a house"]);
      expect(await search(place, "blue")).toEqual([]);
    });

    test("what is quoted is looked for as one", async () => {
      const place = newChannel();
      await said(place, "car red", "the red car");

      expect(await search(place, '"red car"')).toEqual(["the red car"]);
    });

    test.each([
      ["a percent sign", "%", "100% sure"],
      ["an underscore", "_", "snake_case"],
      ["a backslash", "\\", "C:\\temp"],
      ["a single quote", "it's", "it's me"],
      ["one double quote", '"', 'say "hello"'],
      ["operators", "a & b | !c <-> :*", "a & b"],
      ["brackets", "(foo[bar]{", "see (foo[bar]{baz"],
      ["an emoji", "😀", "so 😀 happy"],
      ["Chinese", "世界", "你好世界，再见"],
      ["Japanese", "東京", "明日は東京に行きます"],
      ["a capital umlaut", "ÄRGER", "so ein ärger"],
    ])("finds %s", async (_, words, text) => {
      const place = newChannel();
      await said(place, "something else", text);

      expect((await search(place, words))[0]).toBe(text);
    });

    test.each(["%", "_", "\\", "___", "%%%"])("%s is no wildcard", async (words) => {
      const place = newChannel();
      await said(place, "something else");

      expect(await search(place, words)).toEqual([]);
    });

    test.each(["", "   ", "\0", "\ud800", "word ".repeat(500)])(
      "%j is answered with nothing",
      async (words) => {
        const place = newChannel();
        await said(place, "something else");

        expect(await search(place, words)).toEqual([]);
      },
    );

    test("can be narrowed to one who speaks", async () => {
      const place = newChannel();
      await hear(
        store(),
        place.message("ana", "hello from ana"),
        place.message("ben_", "hello from ben"),
      );

      expect(await search(place, "hello", "BEN_")).toEqual(["hello from ben"]);
      expect(await search(place, "hello", "%")).toEqual([]);
      expect(await search(place, "hello", "\0")).toEqual([]);
    });
  });
});

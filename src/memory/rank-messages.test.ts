import { expect, test } from "vitest";
import { conversationId, messageId } from "../core/ids.ts";
import type { ShelvedMessage } from "../core/recall.ts";
import { createMessageShelf } from "./message-shelf.ts";
import { rankMessages } from "./rank-messages.ts";
import { toQuery } from "../lib/word-index.ts";
import { wordsOf } from "./words.ts";

const START = Date.UTC(2026, 0, 5, 12);
const MINUTE_MS = 60_000;

const line = (n: number, text: string, change: Partial<ShelvedMessage> = {}): ShelvedMessage => ({
  id: messageId(`m${n}`),
  conversationId: conversationId("place"),
  role: "person",
  authorId: "ana",
  authorName: "Ana",
  text,
  sentAt: new Date(START + n * MINUTE_MS),
  ...change,
});

type Options = Parameters<typeof rankMessages>[2];
const PLAIN: Options = { speaker: null, span: null, limit: 20 };

function rank(lines: readonly ShelvedMessage[], question: string, options: Partial<Options> = {}) {
  const shelf = createMessageShelf();
  shelf.add(lines);
  const ranked = rankMessages(shelf, toQuery(wordsOf(question)), { ...PLAIN, ...options });
  return ranked.map(({ unit }) => shelf.units[unit]?.id);
}

test("a line inherits of those before it more than of those after it, and less with each step", () => {
  const lines = Array.from({ length: 9 }, (_, n) => line(n, n === 4 ? "zebra" : `filler${n}`));

  expect(rank(lines, "zebra").slice(0, 3)).toEqual(["m4", "m5", "m3"]);
  expect(new Set(rank(lines, "zebra").slice(3, 5))).toEqual(new Set(["m6", "m2"]));
  expect(rank(lines, "zebra")[5]).toBe("m1");
});

test("a line inherits nothing across a pause, nor from another place", () => {
  const later = new Date(START + 10 * 60 * MINUTE_MS);
  const lines = [
    line(1, "zebra"),
    line(2, "next day", { sentAt: later }),
    line(3, "elsewhere", { conversationId: conversationId("other") }),
  ];

  expect(rank(lines, "zebra")).toEqual(["m1"]);
});

test("who is asked about comes first among equals", () => {
  const lines = [
    line(1, "I saw a zebra", { authorId: "ben", authorName: "Ben" }),
    line(60, "I saw a zebra"),
    line(120, "I saw a zebra", { authorId: "ben", authorName: "Ben" }),
  ];

  expect(rank(lines, "zebra", { speaker: "ana" })[0]).toBe("m60");
});

test("the time that is asked about comes first among equals, and comes without any word", () => {
  const lines = [line(1, "zebra"), line(2_000, "zebra"), line(4_000, "lion")];
  const span = { from: new Date(START), to: new Date(START + 10 * MINUTE_MS) };

  expect(rank(lines, "zebra", { span: span })[0]).toBe("m1");
  expect(rank(lines, "tiger", { span: span })).toEqual(["m1"]);
});

test("Clara's long answers do not hide what a person said", () => {
  const clara = "zebra ".repeat(5);
  const lines = [
    line(1, clara, { role: "clara" }),
    line(100, "My zebra is ill"),
    line(200, clara, { role: "clara" }),
  ];

  expect(rank(lines, "zebra")[0]).toBe("m100");
});

test("an answer that is stored late stands behind its question", () => {
  const shelf = createMessageShelf();
  shelf.add([line(1, "question"), line(3, "later")]);
  shelf.add([line(2, "answer", { role: "clara" }), line(1, "question")]);

  const order = shelf.places.get("place")?.map((unit) => shelf.units[unit]?.id);

  expect(order).toEqual(["m1", "m2", "m3"]);
});

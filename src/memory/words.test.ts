import { expect, test } from "vitest";
import { compare } from "./learn.ts";
import { isGrounded, ownWords } from "./own-words.ts";
import { hashOf, saysTheSame, slotOf, touches } from "./sameness.ts";
import { newStrength, retention, strengthen } from "./strength.ts";
import { best, bm25, createWordIndex, toQuery } from "../lib/word-index.ts";
import { wordsOf } from "./words.ts";

test("wordsOf() gives stems without what says nothing", () => {
  expect(wordsOf("I don’t like running; Ana's cats ran in München!")).toEqual([
    "like",
    "run",
    "ana",
    "cat",
    "ran",
    "munchen",
  ]);
});

test("wordsOf() takes languages without blanks by pairs, and any characters", () => {
  expect(wordsOf("猫が好き")).toEqual(["猫が", "が好", "好き"]);
  expect(wordsOf("🦊 \ud800 \u202e …")).toEqual([]);
  expect(wordsOf("x".repeat(10_000))).toEqual([]);
});

test("hashOf() looks at the words alone", () => {
  expect(hashOf("I like  TEA!", "")).toBe(hashOf("i like tea", ""));
  expect(hashOf("I like tea", "Ben")).not.toBe(hashOf("I like tea", ""));
});

test.each([
  ["Likes green tea", "likes the green tea.", true],
  ["Likes tea", "Does not like tea", false],
  ["Has 2 cats", "Has 3 cats", false],
  ["Lives in Porto", "Lives in Lisbon", false],
])("saysTheSame() of %s and %s is %s", (one, other, same) => {
  expect(saysTheSame(one, other)).toBe(same);
});

test("slotOf() knows what a sentence answers", () => {
  expect(slotOf("My cat is called Tom")).toBe(slotOf("my cat is Kit now"));
  expect(slotOf("I moved to Lisbon")).toBe(slotOf("I live in Porto"));
  expect(slotOf("Call me Al")).toBe(slotOf("My name is Albert"));
  expect(slotOf("I like tea")).toBeNull();
});

test("compare() lets a fact about one person not replace that of another", () => {
  const related = [
    { id: "m1", text: "My cat is Tom", subject: "Ben" },
    { id: "m2", text: "My cat is Tom", subject: "" },
  ] as never;

  expect(compare({ text: "My cat is Kit", subject: "", replaces: ["m3"] }, related)).toEqual({
    sameAs: null,
    replaces: ["m2"],
  });
});

test("touches() finds what is never to be learnt in other forms and without words", () => {
  expect(touches("Has three children", ["my child"])).toBe(true);
  expect(touches("Works with X", ["???"])).toBe(false);
  expect(touches("Is at it", ["at it"])).toBe(true);
  expect(touches("Likes tea", [])).toBe(false);
});

test("ownWords() leaves out quotations, code and what was pasted", () => {
  const text = `> I keep a crocodile\nI like tea \`rm\`\n\`\`\`\npassword\n\`\`\`\nHe wrote "${"secret ".repeat(8)}" to me`;

  expect(ownWords(text)).toMatch(/^I like tea\s+He wrote\s+to me$/);
  expect(isGrounded("Likes tea", ownWords(text))).toBe(true);
  expect(isGrounded("Keeps a crocodile", ownWords(text))).toBe(false);
});

test("bm25() ranks rare words over common ones, over several indexes as over one", () => {
  const texts = ["tea tea tea", "tea and zebras", "tea with milk", "milk"];
  const one = createWordIndex();
  texts.forEach((text, n) => one.add(n, wordsOf(text)));
  const [left, right] = [createWordIndex(), createWordIndex()];
  texts.forEach((text, n) => (n < 2 ? left : right).add(n % 2, wordsOf(text)));
  const query = toQuery(wordsOf("tea zebra"), 10);

  const [whole] = bm25([one], query).scores;
  const halves = bm25([left, right], query).scores;

  expect(best(whole ?? new Float64Array(), 2)[0]).toBe(1);
  expect(halves.flatMap((each) => [...each])).toEqual([...(whole ?? [])]);
});

test("best() gives the highest of many, as sorting all would", () => {
  const scores = Float64Array.from({ length: 5_000 }, (_, n) => (n * 7_919) % 4_999);
  const sorted = [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]! || b - a);

  expect(best(scores, 20)).toEqual(sorted.slice(0, 20));
  expect(best(new Float64Array(9), 3)).toEqual([]);
});

test("what is used again fades slower, and what was told slower than what was heard", () => {
  const start = new Date("2026-01-01T00:00:00Z");
  const later = new Date("2026-02-01T00:00:00Z");
  const end = new Date("2026-06-01T00:00:00Z");
  const heard = newStrength(start, false);

  expect(retention(heard, start)).toBeCloseTo(1);
  expect(retention(newStrength(start, true), end)).toBeGreaterThan(retention(heard, end));
  expect(strengthen(heard, later).stability).toBeGreaterThan(heard.stability);
});

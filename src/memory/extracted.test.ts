import { expect, test } from "vitest";
import { readExtracted } from "./extracted.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const intentionsIn = (...intentions: readonly unknown[]) =>
  readExtracted(JSON.stringify({ facts: [], intentions }), NOW).intentions.map(
    ({ text, dueFrom, dueTo }) => [text, dueFrom.toISOString(), dueTo.toISOString()],
  );
const relationsIn = (...relations: readonly unknown[]) =>
  readExtracted(JSON.stringify({ facts: [], relations }), NOW).relations;

test("a question for later has a window: as said, or three days, and a month at most", () => {
  const text = "Ask how it went";

  expect(intentionsIn({ text, from: "2026-11-27", until: "2026-11-28" })).toEqual([
    [text, "2026-11-27T00:00:00.000Z", "2026-11-29T00:00:00.000Z"],
  ]);
  expect(intentionsIn({ text, from: "2026-11-27", until: "soon" })[0]?.[2]).toBe(
    "2026-11-30T00:00:00.000Z",
  );
  expect(intentionsIn({ text, from: "2026-11-27", until: "2027-11-27" })[0]?.[2]).toBe(
    "2026-12-28T00:00:00.000Z",
  );
});

test.each([
  ["no date", { text: "Ask how it went", from: "on Friday" }],
  ["no words", { text: " ", from: "2026-11-27" }],
  ["an end before its beginning", { text: "Ask it", from: "2026-11-27", until: "2026-11-20" }],
  ["a time that is over", { text: "Ask it", from: "2026-11-01", until: "2026-11-03" }],
  ["a time too far ahead", { text: "Ask it", from: "2029-01-01" }],
  ["no object", "Ask it"],
])("a question for later with %s is left out, and the rest stays", (_, rubbish) => {
  const good = { text: "Ask how it went", from: "2026-11-27" };

  expect(intentionsIn(rubbish, good, null)).toHaveLength(1);
});

test("no more than two questions and eight relations are kept of one turn", () => {
  const many = (make: (n: number) => unknown) => Array.from({ length: 20 }, (_, n) => make(n));

  expect(intentionsIn(...many((n) => ({ text: `Ask ${n}`, from: "2026-11-27" })))).toHaveLength(2);
  expect(relationsIn(...many((n) => ({ type: "knows", to: `Ben ${n}` })))).toHaveLength(8);
});

test("relations are read piece by piece", () => {
  const good = { from: "Ben", type: "works at", to: "Acme", holds: "yes" };
  const bad = [{ from: "Ben", type: "is", to: "Ben" }, { type: "is" }, { to: "x" }, 7, null];

  expect(relationsIn(good, ...bad, { from: 3, type: "likes", to: "x".repeat(99) })).toEqual([
    { from: "Ben", type: "works at", to: "Acme", holds: true },
  ]);
});

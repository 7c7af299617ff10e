import fc from "fast-check";
import { expect, test } from "vitest";
import { wrap } from "./wrap.ts";

test.each([
  ["a line that fits", "one two", ["one two"]],
  ["an empty line", "", [""]],
  ["words that do not fit", "one two three four", ["one two ", "three four"]],
  ["a word that is too long", "a abcdefghijklmno", ["a ", "abcdefghij", "klmno"]],
  ["what is indented", "    code", ["    code"]],
  ["characters of two columns", "你好你好你好", ["你好你好你", "好"]],
  ["characters made of several", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", ["👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", "👩‍👩‍👧"]],
])("wrap() breaks %s", (_, line, rows) => {
  expect(wrap(line, 10)).toEqual(rows);
});

test("wrap() loses no word, and no row is too wide", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "bc", " ", "  ", "é", "-") });

  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 12 }), (text, columns) => {
      const rows = wrap(text, columns);
      expect(rows.filter((row) => row.trimEnd().length > columns)).toEqual([]);
      expect(rows.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
    }),
  );
});

test("wrap() of a growing line changes nothing before its last row", () => {
  const line = "one two three four five six seven eight nine ten";

  for (let length = 1; length < line.length; length++) {
    const before = wrap(line.slice(0, length), 10).slice(0, -1);
    expect(wrap(line, 10).slice(0, before.length)).toEqual(before);
  }
});

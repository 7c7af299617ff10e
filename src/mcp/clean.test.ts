import { expect, test } from "vitest";
import { clean, cleanLine, shorten } from "./clean.ts";

test.each([
  ["colours", "\u001b[31mred\u001b[0m", "red"],
  ["a title", "\u001b]0;owned\u0007text", "text"],
  ["a title without an end", "a\u001b]0;owned", "a"],
  ["a link", "\u001b]8;;http://x\u001b\\click\u001b]8;;\u001b\\", "click"],
  ["eight-bit controls", "\u009b31mred", "red"],
  ["orders turned round", "\u202egnp.exe\u202c\u2066x\u2069", "gnp.exex"],
  ["tags", "a\u{e0068}\u{e0069}b", "ab"],
  ["other controls", "a\0\u0007b\u0085c", "abc"],
  ["rows of other kinds", "a\r\nb\rc\u2028d", "a\nb\nc\nd"],
  ["halves of letters", "a\ud800b", "a\ufffdb"],
  ["what joins emoji", "👩‍🚀 ok\t!", "👩‍🚀 ok\t!"],
])("%s", (_, text, expected) => {
  expect(clean(text)).toBe(expected);
});

test("one line is one line, of no more characters than were asked for", () => {
  expect(cleanLine("  a\n\n b \u001b[1mc ", 10)).toBe("a b c");
  expect(cleanLine("x".repeat(50), 10)).toBe(`${"x".repeat(9)}…`);
});

test("no half of a letter is left where a text is cut", () => {
  expect(shorten("ab😀d", 4)).toBe("ab\ufffd…");
});

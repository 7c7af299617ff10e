import fc from "fast-check";
import { expect, test } from "vitest";
import { harmless } from "./harmless.ts";

test.each([
  ["a colour", "\u001b[31mred\u001b[0m", "�[31mred�[0m"],
  ["a title", "\u001b]0;owned\u0007", "�]0;owned�"],
  ["the clipboard", "\u001b]52;c;cm0gLXJm\u001b\\", "�]52;c;cm0gLXJm�\\"],
  [
    "a hidden link",
    "\u001b]8;;https://evil.example\u001b\\good",
    "�]8;;https://evil.example�\\good",
  ],
  ["one byte for escape and bracket", "\u009b2J", "�2J"],
  ["a bell and a backspace", "a\u0007b\u0008\u007f", "a�b��"],
  ["a line that is written over", "safe\rrm -rf", "safe\nrm -rf"],
  ["an order turned round", "\u202egnp.exe\u202c \u2066x\u2069 \u200fy", "�gnp.exe� �x� �y"],
  ["invisible tags", "a\u{e0041}b", "a�b"],
  ["rows of other kinds", "a\u2028b\u2029c\r\nd", "a\nb\nc\nd"],
])("harmless() shows %s instead of obeying it", (_, text, shown) => {
  expect(harmless(text)).toBe(shown);
});

test("harmless() leaves words of any language as they are", () => {
  const text = "Grüße, 你好, שלום, 👩‍👩‍👧 and\n  indented `code`";

  expect(harmless(text)).toBe(text);
});

test("harmless() leaves no control but the newline, whatever the text", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xe0100 })), (points) => {
      const text = String.fromCodePoint(...points);
      expect(harmless(text).replaceAll("\n", "")).not.toMatch(
        /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u,
      );
    }),
  );
});

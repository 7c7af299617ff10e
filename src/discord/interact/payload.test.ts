import { expect, test } from "vitest";
import { cut } from "./payload.ts";

test("what is too long for Discord is cut, and never through the middle of a character", () => {
  expect(cut("exactly", 7)).toBe("exactly");
  expect(cut("one two", 6)).toBe("one t…");
  expect(cut("one two", 5)).toBe("one…");
  expect(cut("tea 🍵🍵", 6)).toBe("tea…");
  expect(cut("tea 🍵🍵", 7)).toBe("tea 🍵…");
  expect(cut("🍵".repeat(60), 100)).toBe(`${"🍵".repeat(49)}…`);
});

import { expect, test } from "vitest";
import { estimateTokens } from "./tokens.ts";

test("estimateTokens() counts about four Latin characters a token", () => {
  expect(estimateTokens("a".repeat(360))).toBe(100);
});

test("estimateTokens() counts a script without spaces about one character a token", () => {
  expect(estimateTokens("記憶".repeat(10))).toBe(22);
});

import { expect, test } from "vitest";
import { toName } from "./to-name.ts";

test.each([
  ["@modelcontextprotocol/server-filesystem", "filesystem"],
  ["tavily-mcp", "tavily"],
  ["@playwright/mcp", "playwright"],
  ["mcp-server-git", "git"],
  ["io.github.owner/my__notes", "my_notes"],
  ["a".repeat(40), "a".repeat(32)],
  ["Ü-x", "x"],
])("%s is called %s", (called, name) => {
  expect(toName(called)).toBe(name);
});

test.each(["", "123", "@/", "___"])("%s has no name", (called) => {
  expect(toName(called)).toBeNull();
});

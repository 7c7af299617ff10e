import { expect, test } from "vitest";
import { PEOPLE } from "../../test/tools-100/people.ts";
import { MEASURED, TRYING, type Request } from "../../test/tools-100/requests.ts";
import { TOOLS } from "../../test/tools-100/tools.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { MAX_SPEC_TOKENS, openShelf } from "./find-tools.ts";

const missed = (requests: readonly Request[]): readonly string[] =>
  requests.flatMap(({ words, tool }) => {
    const found = openShelf(TOOLS)
      .add(words)
      .map(({ name }) => name);
    return found.includes(tool) ? [] : [`${words} -> ${tool}, found ${found.join(" ")}`];
  });

test("a few tools are told as they are, and nothing has to be looked for", () => {
  const shelf = openShelf(TOOLS.slice(0, 5));

  expect(shelf.specs()).toEqual(TOOLS.slice(0, 5));
  expect(shelf.finder).toBeNull();
});

test("a hundred tools cost at most 2,500 tokens, also with what a search has found", () => {
  expect(TOOLS).toHaveLength(100);
  const shelf = openShelf(TOOLS);
  const before = estimateTokens(JSON.stringify(shelf.specs()));

  shelf.add("send an e-mail");

  expect(before).toBeLessThan(MAX_SPEC_TOKENS);
  expect(estimateTokens(JSON.stringify(shelf.specs()))).toBeLessThan(MAX_SPEC_TOKENS);
  expect(shelf.specs().map(({ name }) => name)).toContain("gmail_send");
});

test("twice as many tools cost less than a tenth of their descriptions", () => {
  const more = TOOLS.map((tool) => ({ ...tool, name: `${tool.name}_2` }));
  const all = [...TOOLS, ...more];

  const told = estimateTokens(JSON.stringify(openShelf(all).specs()));

  expect(told / estimateTokens(JSON.stringify(all))).toBeLessThan(0.1);
});

test("of tools that fit equally well the more worthy come first", () => {
  const same = Array.from({ length: 9 }, (_, n) => ({
    name: `x${n}`,
    description: "Polishes the brass bell",
    inputSchema: { type: "object" as const },
  }));
  const found = openShelf([...same, ...TOOLS]).add("polish brass");

  expect(found.map(({ name }) => name)).toEqual(["x0", "x1", "x2", "x3", "x4"]);
});

test("what is found stays for the turn, is told once, and has a bound", () => {
  const shelf = openShelf(TOOLS);
  const count = shelf.specs().length;

  for (const { words } of [...TRYING, ...TRYING]) shelf.add(words);

  const names = shelf.specs().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length - count).toBe(20);
});

test("of the requests for trying out, at least 95 of 100 find their tool within five", () => {
  expect(missed(TRYING).length / TRYING.length).toBeLessThanOrEqual(0.05);
});

test("of the requests that nothing was tuned on, at least 95 of 100 find their tool within five", () => {
  expect(missed(MEASURED).length / MEASURED.length).toBeLessThanOrEqual(0.05);
});

test("the second hundred requests ask for tools that are there, each in words of its own", () => {
  const names = TOOLS.map(({ name }) => name);

  expect(new Set(PEOPLE.map(({ words }) => words)).size).toBe(100);
  expect(PEOPLE.filter(({ tool }) => !names.includes(tool))).toEqual([]);
});

test("of those, read as they are written, at least the 48 are found that were at the first measuring", () => {
  expect(100 - missed(PEOPLE).length).toBeGreaterThanOrEqual(48);
});

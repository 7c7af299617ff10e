import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createScreen } from "./screen.ts";

const setUp = (rows = 10) => {
  const output = Object.assign(new PassThrough({ encoding: "utf8" }), { rows });
  const screen = createScreen(output);
  const written = (): unknown => output.read();
  return { screen, written };
};

test("the first rows are just written", () => {
  const { screen, written } = setUp();

  screen.draw(["one", "two"]);

  expect(written()).toBe("one\ntwo\n");
});

test("only what changed is written again", () => {
  const { screen, written } = setUp();
  screen.draw(["one", "two", "thr"]);
  written();

  screen.draw(["one", "two", "three", "four"]);

  expect(written()).toBe("\u001b[1A\u001b[Jthree\nfour\n");
});

test("rows that were taken away are cleared", () => {
  const { screen, written } = setUp();
  screen.draw(["one", "two", "three"]);
  written();

  screen.draw(["one"]);

  expect(written()).toBe("\u001b[2A\u001b[J");
});

test("nothing is written when nothing changed", () => {
  const { screen, written } = setUp();
  screen.draw(["one"]);
  written();

  screen.draw(["one"]);

  expect(written()).toBeNull();
});

test("rows that have scrolled away are said again below", () => {
  const { screen, written } = setUp(3);
  screen.draw(["one", "two", "three", "four"]);
  written();

  screen.draw(["ONE", "two"]);

  expect(written()).toBe("ONE\ntwo\n");
});

test("what was kept is never touched", () => {
  const { screen, written } = setUp();
  screen.draw(["one"]);
  screen.keep();
  written();

  screen.draw(["two"]);

  expect(written()).toBe("two\n");
});

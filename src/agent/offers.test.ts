import { expect, test } from "vitest";
import { offersAfter } from "./offers.ts";

test.each([
  ["answered", "retry shorter deeper"],
  ["cut-short", "continue retry shorter deeper"],
  ["out-of-steps", "continue retry shorter deeper"],
  ["model:overloaded", "retry"],
  ["model:auth", ""],
  ["over-budget", ""],
  ["stopped", ""],
  ["deleted", ""],
  ["refused", ""],
  ["gave-up", ""],
])("offersAfter(%s) is: %s", (detail, offers) => {
  expect(offersAfter(detail).join(" ")).toBe(offers);
});

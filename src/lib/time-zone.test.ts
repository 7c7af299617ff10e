import { expect, it } from "vitest";
import { findTimeZones, isTimeZone, spelledTimeZone } from "./time-zone.ts";

it.each([
  ["asia/jakarta", "Asia/Jakarta"],
  // It is part of other names, and stays itself.
  ["UTC", "UTC"],
  ["Asia/Kolkata", "Asia/Kolkata"],
  ["x", null],
  ["", null],
])("spells %j as %j", (typed, spelled) => {
  expect(spelledTimeZone(typed)).toBe(spelled);
  expect(isTimeZone(typed)).toBe(spelled !== null);
});

it("finds the names that hold what was typed, and no more than asked for", () => {
  expect(findTimeZones("new york", 25)).toEqual(["America/New_York"]);
  expect(findTimeZones("a", 3)).toHaveLength(3);
});

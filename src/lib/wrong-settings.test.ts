import { expect, test } from "vitest";
import { isWrongSettings, WrongSettings } from "./wrong-settings.ts";

const refused = new WrongSettings("The token is refused");

test("isWrongSettings() knows a refusal, alone and among others of its kind", () => {
  expect(isWrongSettings(refused)).toBe(true);
  expect(isWrongSettings(new AggregateError([refused, refused]))).toBe(true);
});

test("isWrongSettings() says no when something else broke as well", () => {
  expect(isWrongSettings(new Error("broken"))).toBe(false);
  expect(isWrongSettings(new AggregateError([refused, new Error("broken")]))).toBe(false);
  expect(isWrongSettings(new AggregateError([]))).toBe(false);
});

import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

test.each([
  ["an object", '{"words":"cats","limit":3}', { words: "cats", limit: 3 }],
  ["no text at all", "", {}],
  ["white space", " \n", {}],
  ["the last of two equal keys", '{"a":1,"a":2}', { a: 2 }],
  ["text in other alphabets", '{"words":"猫 🐈"}', { words: "猫 🐈" }],
  ["brackets within strings", `{"words":"${"[".repeat(100)}"}`, { words: "[".repeat(100) }],
])("parseArguments() reads %s", (_, text, input) => {
  expect(parseArguments(text)).toEqual({ input, problem: null });
});

test.each([
  ["JSON that was cut off", '{"words": "ca', "not valid JSON"],
  ["words instead of JSON", "search for cats", "not valid JSON"],
  ["NaN", '{"limit":NaN}', "not valid JSON"],
  ["a number that becomes Infinity", '{"limit":1e999}', "a number is too large"],
  ["null", "null", "must be a JSON object"],
  ["an array", '["cats"]', "must be a JSON object"],
  ["a plain string", '"cats"', "must be a JSON object"],
  ["10 MB", `{"words":"${"a".repeat(10_000_000)}"}`, "at most 1000000 are allowed"],
  ["a depth of 100,000", "[".repeat(100_000), "nested deeper than 64"],
])("parseArguments() answers %s in words for the model", (_, text, problem) => {
  const parsed = parseArguments(text);

  expect(parsed.input).toEqual({});
  expect(parsed.problem).toContain(problem);
});

test("parseArguments() drops __proto__ at any depth, so that a copy cannot get another prototype", () => {
  const { input } = parseArguments('{"__proto__":{"admin":true},"a":{"__proto__":{"admin":true}}}');

  expect(JSON.stringify(input)).toBe('{"a":{}}');
  expect(Object.assign({}, input)).not.toHaveProperty("admin");
});

test("parseArguments() takes exactly 64 levels", () => {
  const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

  expect(parseArguments(nested(64)).problem).toBeNull();
  expect(parseArguments(nested(65)).problem).toContain("nested deeper");
});

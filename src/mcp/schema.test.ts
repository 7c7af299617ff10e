import { describe, expect, test } from "vitest";
import type { JsonObject } from "../core/model.ts";
import { readSchema, type SchemaUse } from "./schema.ts";
import { createValidator } from "./validator.ts";

function usable(raw: unknown, use: SchemaUse = "offer"): JsonObject {
  const read = readSchema(raw, use);
  return read.kind === "usable" ? read.schema : { problem: read.why };
}

const property = (schema: unknown) => ({ type: "object", properties: { a: schema } });

describe("what models are told of arguments", () => {
  test("an ordinary schema stays as it is", () => {
    const schema = {
      type: "object",
      properties: { to: { type: "string", description: "Whom", maxLength: 10 } },
      required: ["to"],
      additionalProperties: false,
    };

    expect(usable(schema)).toEqual(schema);
  });

  test("what is missing at the top is put there", () => {
    expect(usable({})).toEqual({ type: "object", properties: {} });
  });

  test("keywords that nobody knows, and the names of dialects, are left out", () => {
    expect(usable({ $schema: "http://x", $id: "http://y", "x-mine": 1, type: "object" })).toEqual({
      type: "object",
      properties: {},
    });
  });

  test("hidden characters are in no description and in no value", () => {
    const told = usable(property({ description: "a\u{e0041}b\u202e", enum: ["x\u200b"] }));

    expect(told).toEqual(property({ description: "ab", enum: ["x"] }));
  });

  test("references within it stay, and others are taken out", () => {
    const raw = {
      ...property({ $ref: "#/$defs/b" }),
      $defs: { b: { $ref: "file:///etc/passwd" } },
    };

    expect(usable(raw)).toEqual({ ...property({ $ref: "#/$defs/b" }), $defs: { b: {} } });
  });

  test.each([
    ["an array at the top", { type: "array" }, "no object"],
    ["a type that there is not", property({ type: "banana" }), "does not exist"],
    ["a name of a property that providers refuse", { properties: { "a b": {} } }, "providers"],
    ["no object at all", "string", "no object"],
    ["a part that is a number", property(5), "neither an object"],
    ["a reference to itself", property({ $ref: "#/properties/a" }), "refers to itself"],
  ])("%s makes it unusable", (_, raw, words) => {
    expect(usable(raw)).toEqual({ problem: expect.stringContaining(words) });
  });

  test("a prototype's property is no part of it", () => {
    expect(usable(property({ $ref: "#/constructor" }))).toEqual(property({}));
  });
});

describe("results", () => {
  const check = (schema: object, value: unknown) =>
    createValidator().getValidator(schema as never)(value).valid;

  test("that fit are fine, and others are not", () => {
    const schema = { ...property({ type: "integer" }), required: ["a"] };

    expect(check(schema, { a: 1 })).toBe(true);
    expect(check(schema, { a: "1" })).toBe(false);
    expect(check(schema, {})).toBe(false);
  });

  test("may be of any type, with parts that refer to each other", () => {
    const schema = { type: "array", items: { anyOf: [{ type: "string" }, { $ref: "#" }] } };

    expect(check(schema, ["a", ["b", ["c"]]])).toBe(true);
    expect(check(schema, ["a", [1]])).toBe(false);
  });

  test("are not matched with a pattern that could take for ever", () => {
    const schema = property({ type: "string", pattern: "^(a+)+$" });

    expect(check(schema, { a: `${"a".repeat(50_000)}!` })).toBe(true);
  });

  test("with more values than can be looked at do not fit", () => {
    expect(
      check(
        { type: "array" },
        Array.from({ length: 20_000 }, () => 1),
      ),
    ).toBe(false);
  });
});

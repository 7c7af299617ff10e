import fc from "fast-check";
import { expect, test } from "vitest";
import type { TemplateField } from "./field.ts";
import { toWritten } from "./value.ts";

const field = (type: string, ...names: readonly string[]): TemplateField => ({
  id: 1,
  name: "Field",
  writeName: "Field",
  label: "Field",
  isCustom: true,
  type,
  hasOptionIds: true,
  options: names.map((name, at) => ({ id: String(40 + at), name })),
  isRequired: false,
  requiredPipelines: [],
  requiredStages: [],
  shownPipelines: [],
});

test.each([
  ["single-line text", "words", "words"],
  ["text area", "two\nlines", "two\nlines"],
  ["number", 12.5, "12.5"],
  ["number", "-3", "-3"],
  ["percentage", 100, "100"],
  ["date", "30/11/2026", "30/11/2026"],
  ["date time", "2026-11-30 09:00:00", "2026-11-30 09:00:00"],
  ["url", "https://clara.example/x", "https://clara.example/x"],
  ["upload", "https://clara.example/x.pdf", "https://clara.example/x.pdf"],
  ["checklist", '{"checklist_details_attributes":[{"name":"a"}]}', expect.any(String)],
  ["something new", true, "true"],
  ["number", null, ""],
] as const)("%s takes %j", (type, value, written) => {
  expect(toWritten(field(type), value)).toEqual({ kind: "value", value: written });
});

test.each([
  ["single-line text", "two\nlines"],
  ["number", "many"],
  ["number", ""],
  ["percentage", 101],
  ["date", "31-02-2026"],
  ["date time", "2026-11-30 25:00:00"],
  ["url", "javascript:alert(1)"],
  ["checklist", "[]"],
  ["checklist", "no json"],
  ["text area", ["a", "b"]],
  ["text area", "x".repeat(10_001)],
  ["photo", "x.jpg"],
  ["signature", "x"],
  ["upload", "x.pdf"],
  ["gps", "-6.2,106.8"],
] as const)("%s does not take %j", (type, value) => {
  expect(toWritten(field(type), value).kind).toBe("wrong");
});

const sizes = field("multiple select", "Small", "Medium, large", "41");
const size = field("dropdown select", "Small", "Medium, large", "41");

test.each([
  [41, "41"],
  ["small", "40"],
  [" MEDIUM, LARGE ", "41"],
])("one option is found by %j", (value, id) => {
  expect(toWritten(size, value)).toEqual({ kind: "value", value: id });
});

test.each([
  [["Small", 42], "40,42"],
  ["40,42", "40,42"],
  ["Medium, large", "41"],
  [[], ""],
])("some options are found by %j", (value, written) => {
  expect(toWritten(sizes, value)).toEqual({ kind: "value", value: written });
});

test("an id goes before a name that looks like it", () => {
  expect(toWritten(size, "41")).toEqual({ kind: "value", value: "41" });
});

test("whatever is given, what is written to options are ids of options", () => {
  const values = fc.oneof(fc.string(), fc.integer(), fc.array(fc.string(), { maxLength: 4 }));

  fc.assert(
    fc.property(values, (value) => {
      const written = toWritten(sizes, value);

      const ids = written.kind === "value" && written.value !== "" ? written.value.split(",") : [];
      expect(ids.filter((id) => !["40", "41", "42"].includes(id))).toEqual([]);
    }),
  );
});

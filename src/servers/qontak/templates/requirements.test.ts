import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "./check.ts";
import { templateSchema, toField, type TemplateField } from "./field.ts";
import { NOWHERE, requirementsAt, type Place } from "./requirements.ts";

const RULES = { minimum: ["due_date"], writable: ["size", "telephone", "due_date"], lengths: {} };

const fieldsOf = (...rows: readonly object[]): readonly TemplateField[] =>
  templateSchema.parse(rows).map(toField);

const reasonsAt = (place: Place, ...rows: readonly object[]) =>
  requirementsAt(fieldsOf(...rows), place, RULES).map(({ reason }) => reason);

const standard = { id: null, name: "size", additional_field: false, type: "Number" };
const custom = { id: 5, name: "Colour", additional_field: true, type: "Single-line text" };
const at = (pipelineId: number | null, stageId: number | null = null): Place => ({
  pipelineId,
  stageId,
});

test("what is always required is so nowhere in particular", () => {
  expect(reasonsAt(NOWHERE, { ...custom, required: true })).toEqual(["always"]);
});

test("a pipeline or a stage is enough", () => {
  const field = { ...standard, required_pipeline_ids: [1], required_stage_ids: [7] };

  expect(reasonsAt(at(1, 2), field)).toEqual(["pipeline"]);
  expect(reasonsAt(at(2, 7), field)).toEqual(["stage"]);
  expect(reasonsAt(at(2, 8), field)).toEqual([null]);
});

test("a field that is hidden in a pipeline is not there, required or not", () => {
  const field = { ...custom, required: true, show_pipeline_ids: [2] };

  expect(reasonsAt(at(1), field)).toEqual([]);
  expect(reasonsAt(at(2), field)).toEqual(["always"]);
  expect(reasonsAt(at(1), { ...field, show_pipeline_ids: [] })).toEqual(["always"]);
});

test("tasks have no word for required: what Qontak wants of them stands in our rules", () => {
  const rows = [
    { ...standard, name: "due_date", type: "Date time" },
    { ...custom, name: "due_date" },
  ];

  expect(reasonsAt(NOWHERE, ...rows)).toEqual(["qontak", null]);
});

test("the owner is filled by Qontak itself", () => {
  expect(reasonsAt(NOWHERE, { ...standard, name: "creator_id", required: true })).toEqual([null]);
});

test("lists that are null, or hold what is no id, are read as far as they go", () => {
  const field = {
    ...standard,
    required_pipeline_ids: null,
    required_stage_ids: [null, "7", {}, 8],
  };

  expect(fieldsOf(field)[0]).toMatchObject({ requiredPipelines: [], requiredStages: [7, 8] });
});

test("a draft is good exactly when everything that must be there and can be set is there", () => {
  const row = fc.record({
    id: fc.integer({ min: 1, max: 1_000 }),
    name: fc.string({ minLength: 1, maxLength: 8 }),
    additional_field: fc.constant(true),
    type: fc.constantFrom("Single-line text", "Photo"),
    required: fc.constantFrom(true, false, null),
    required_pipeline_ids: fc.subarray([1, 2]),
    required_stage_ids: fc.subarray([11, 12]),
  });
  const rows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 8 });

  fc.assert(
    fc.property(rows, fc.constantFrom(1, 2), fc.constantFrom(11, 12), (fields, pipeline, stage) => {
      const wanted = fields.filter(
        (each) =>
          each.type !== "Photo" &&
          (each.required === true ||
            each.required_pipeline_ids.includes(pipeline) ||
            each.required_stage_ids.includes(stage)),
      );
      const draft = { entity: "deal", body: {}, place: at(pipeline, stage), current: null };
      const filled = wanted.map(({ id }) => ({ id, value: "x" }));
      const all = { ...draft, custom: filled, isMoving: false };
      const less = { ...draft, custom: filled.slice(1), isMoving: false };

      expect(check(fieldsOf(...fields), all, RULES).kind).toBe("good");
      expect(check(fieldsOf(...fields), less, RULES).kind).toBe(wanted.length > 0 ? "bad" : "good");
    }),
  );
});

import fc from "fast-check";

/** How many inputs each tool gets: few in the suite, as many as wanted by hand. */
export const PROPERTY_RUNS = Number(process.env["CLARA_PROPERTY_RUNS"] ?? "5");

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly description?: string;
}

const MAX_LIST = 4;
const MAX_TEXT = 60;

/**
 * Inputs of a tool by its schema: mostly such as it wants, with some values that are somebody's mischief. `likely` are
 * texts and numbers that mean something to the server, such as ids that are there.
 */
export function inputsOf(
  schema: unknown,
  likely: readonly (string | number)[],
): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [] } = schema as JsonSchema;
  const fields = Object.entries(properties)
    // Most callers say nothing of whom it is for; who does gets no further.
    .filter(([name]) => name !== "user_id")
    .map(([name, inner]) => [name, mixed(inner, likely)] as const);
  const right = fc.record(Object.fromEntries(fields), {
    requiredKeys: Object.keys(properties).filter((name) => required.includes(name)),
  });
  const anything = fc.dictionary(fc.string({ maxLength: MAX_TEXT }), fc.jsonValue(), {
    maxKeys: 5,
  });
  return fc.oneof(
    { weight: 8, arbitrary: right },
    { weight: 1, arbitrary: anything },
  ) as fc.Arbitrary<Record<string, unknown>>;
}

const mixed = (schema: JsonSchema, likely: readonly (string | number)[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 30, arbitrary: valueOf(schema, likely) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    { weight: 1, arbitrary: fc.constantFrom(...MISCHIEF) },
  );

/** Paths, templates, bytes that end texts, very long ones. */
const MISCHIEF: readonly unknown[] = [
  "../../etc/passwd",
  "1;drop table deals",
  "{{constructor}}",
  "__proto__",
  "\u0000\u001b[2J",
  "x".repeat(20_000),
  "31-02-2026",
  -1,
  1e308,
  null,
  [],
  {},
];

function valueOf(schema: JsonSchema, likely: readonly (string | number)[]): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((each) => valueOf(each, likely)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "integer":
      return fc.oneof(likelyOf(likely, "number"), fc.integer(boundsOf(schema)));
    case "number":
      return fc.oneof(
        likelyOf(likely, "number"),
        fc.double({ ...boundsOf(schema), noNaN: true, noDefaultInfinity: true }),
      );
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(valueOf(schema.items ?? {}, likely), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, MAX_LIST),
      });
    case "object":
      return inputsOf(schema, likely);
    case "null":
      return fc.constant(null);
    default:
      if (schema.description?.includes("YYYY-MM-DD")) return days;
      return fc.oneof(likelyOf(likely, "string"), fc.string({ maxLength: MAX_TEXT }));
  }
}

const days = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

function boundsOf({ minimum, maximum, exclusiveMinimum }: JsonSchema) {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1_000 : exclusiveMinimum + 1);
  return { min, max: Math.max(min, Math.min(maximum ?? 10_000, 1e9)) };
}

const likelyOf = (
  likely: readonly (string | number)[],
  kind: "string" | "number",
): fc.Arbitrary<unknown> => {
  const some = likely.filter((each) => typeof each === kind);
  return some.length > 0 ? fc.constantFrom(...some) : fc.constant(kind === "number" ? 1 : "a");
};

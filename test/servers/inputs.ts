import fc from "fast-check";

/** As far as a tool's schema is looked at. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** Words that somebody may try who wants something else than an answer. */
const TRICKS = [
  "",
  " ",
  "null",
  "last_month",
  "bulan lalu",
  "2026-02-30",
  "9999999999999999999999",
  "-1",
  "../../etc/passwd",
  "'; drop table invoices; --",
  "<script>alert(1)</script>",
  "${process.env.HOME}",
  "{{7*7}}",
  "%00",
  "\u0000\u202e",
  "x".repeat(5_000),
  "__proto__",
  "eyJwYWdlIjoyLCJvZiI6IngifQ",
  "https://169.254.169.254/latest/meta-data",
];

const words = fc.oneof(fc.constantFrom(...TRICKS), fc.string({ unit: "binary", maxLength: 60 }));
const anything = fc.oneof(fc.anything({ maxDepth: 2 }).filter(isJson), words);

/** Texts and numbers that mean something to a server, such as ids that are there. */
export type Likely = readonly (string | number)[];

/** Arguments for a tool: mostly such as its schema asks for, and some that it never would. */
export const inputsOf = (
  schema: Schema,
  likely: Likely = [],
): fc.Arbitrary<Readonly<Record<string, unknown>>> => {
  const strange = { arbitrary: anything, weight: 1 };
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [
    name,
    fc.oneof({ arbitrary: fitting(field, likely), weight: likely.length > 0 ? 20 : 6 }, strange),
  ]);
  const record = fc.record(Object.fromEntries(fields), {
    requiredKeys: [...(schema.required ?? [])],
  }) as fc.Arbitrary<Readonly<Record<string, unknown>>>;
  const more = fc
    .tuple(record, words.filter(Boolean), anything)
    .map(([given, name, value]) => ({ ...given, [name]: value }));
  return fc.oneof({ arbitrary: record, weight: 12 }, { arbitrary: more, weight: 1 });
};

function fitting(schema: Schema, likely: Likely): fc.Arbitrary<unknown> {
  const some = likely.filter(
    (each) => typeof each === (schema.type === "string" ? "string" : "number"),
  );
  const isPlain = schema.type === "string" || schema.type === "integer";
  if (isPlain && !schema.enum && some.length > 0)
    return fc.oneof(
      { arbitrary: fc.constantFrom(...some), weight: 4 },
      { arbitrary: byType(schema, likely), weight: 1 },
    );
  return byType(schema, likely);
}

function byType(schema: Schema, likely: Likely): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => fitting(each, likely)));
  if (schema.type === "integer") return wholeNumber(schema);
  if (schema.type === "number") return fc.double();
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "array")
    return fc.array(fitting(schema.items ?? {}, likely), { maxLength: 4 });
  return schema.type === "object" ? inputsOf(schema, likely) : words;
}

const wholeNumber = ({ minimum, exclusiveMinimum, maximum }: Schema): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 0, max: 1_200 }),
    fc.integer({
      min: Math.max(minimum ?? exclusiveMinimum ?? -10, Number.MIN_SAFE_INTEGER),
      max: Math.min(maximum ?? 10_000, Number.MAX_SAFE_INTEGER),
    }),
  );

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false; // A number without end, or a circle.
  }
}

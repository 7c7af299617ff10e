import { z } from "zod";
import type { TemplateField } from "./field.ts";
import { argumentOf, shownOptions } from "./describe.ts";
import { formatOf, toWritten, type FieldValue } from "./value.ts";

const MAX_FIELDS = 100;
const MAX_NAME = 256;
const MAX_TEXT = 10_000;
const MAX_VALUES = 100;

const plain = z.union([z.string().max(MAX_TEXT), z.number(), z.boolean()]);
const value = z
  .union([
    plain,
    z.array(z.union([z.string().max(MAX_NAME), z.number()])).max(MAX_VALUES),
    z.null(),
  ])
  .describe("A list for Multiple select; null to empty it");

const items = z
  .array(
    z.object({
      id: z.int().positive().optional().describe("Of the field"),
      name: z.string().min(1).max(MAX_NAME).optional().describe("Of the field, instead of its id"),
      value,
    }),
  )
  .max(MAX_FIELDS);

/** The original took JSON as a text, also as an object of names and values. */
const asText = z
  .string()
  .max(100_000)
  .transform((text, context) => {
    const read = z.union([items, named]).safeParse(jsonOf(text));
    if (read.success) return read.data;
    context.addIssue({ code: "custom", message: "is no JSON of [{id or name, value}]" });
    return z.NEVER;
  });
const named = z
  .record(z.string().max(MAX_NAME), value)
  .transform((record): z.output<typeof items> =>
    Object.entries(record).map(([name, each]) => ({ name, value: each })),
  )
  .refine((list) => list.length <= MAX_FIELDS);

export const customFieldsIn = z
  .union([items, asText])
  .describe("Custom fields: [{id or name, value}], as get_required_fields_for_... shows them");

export type CustomFieldGiven = z.output<typeof items>[number];

export interface WrittenField {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

export interface WrongField {
  readonly field: string;
  readonly problem: string;
  readonly format?: string;
  readonly options?: readonly { readonly id: string; readonly name: string }[];
}

/** Each in the form that Qontak keeps; and what is wrong with the others. */
export function readCustomFields(
  fields: readonly TemplateField[],
  given: readonly CustomFieldGiven[],
): { readonly written: readonly WrittenField[]; readonly wrong: readonly WrongField[] } {
  const written = new Map<number, WrittenField>();
  const wrong: WrongField[] = [];
  for (const one of given) {
    const field = find(fields, one);
    if (field === null || field.id === null) {
      wrong.push({ field: called(one), problem: "there is no such custom field here" });
      continue;
    }
    const { id, name } = field;
    const read = toWritten(field, one.value as FieldValue);
    if (read.kind === "wrong") wrong.push(wrongField(field, read.problem));
    else if (written.has(id)) wrong.push(wrongField(field, "is given twice"));
    else written.set(id, { id, name, value: read.value });
  }
  return { written: [...written.values()], wrong };
}

function find(fields: readonly TemplateField[], { id, name }: CustomFieldGiven) {
  const custom = fields.filter(({ isCustom }) => isCustom);
  if (id !== undefined) return custom.find((field) => field.id === id) ?? null;
  const words = name?.trim().toLowerCase();
  const named_ = custom.find((field) => field.name.toLowerCase() === words);
  return named_ ?? custom.find((field) => field.label.toLowerCase() === words) ?? null;
}

const called = ({ id, name }: CustomFieldGiven): string =>
  name ?? (id === undefined ? "?" : `id ${id}`);

export const wrongField = (field: TemplateField, problem: string): WrongField => ({
  field: argumentOf(field),
  problem,
  format: formatOf(field.type),
  ...(field.options.length > 0 ? { options: shownOptions(field) } : {}),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Refused by the schema.
  }
}

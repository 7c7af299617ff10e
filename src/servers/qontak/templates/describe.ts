import { z } from "zod";
import type { TemplateField } from "./field.ts";
import type { Requirement } from "./requirements.ts";
import { ARGUMENTS } from "../entities/entity.ts";
import { formatOf } from "./value.ts";

/** More than that many options are looked up in Qontak itself. */
const MAX_OPTIONS = 100;

export const fieldOut = z.object({
  name: z.string().describe("As the template calls it"),
  write_name: z
    .string()
    .describe("Argument of the create and update tools; custom fields go into additional_fields"),
  label: z.string().describe("What people see"),
  id: z.int().nullable().describe("Of a custom field"),
  type: z.string(),
  format: z.string().describe("What a value looks like"),
  max_length: z.int().nullable(),
  options: z.array(z.object({ id: z.string(), name: z.string() })),
  options_total: z.int(),
  is_settable: z.boolean().describe("False: only people can set it, in Qontak itself"),
  required_because: z
    .enum(["always", "pipeline", "stage", "qontak"])
    .nullable()
    .describe("null: may be left out"),
});
export type FieldOut = z.output<typeof fieldOut>;

/** One field, in words that a model can fill it by. */
export const toFieldOut = (
  { field, reason, isSettable }: Requirement,
  lengths: Readonly<Record<string, number>>,
): FieldOut => ({
  name: field.name,
  write_name: argumentOf(field),
  label: field.label,
  id: field.id,
  type: field.type,
  format: formatOf(field.type),
  max_length: (field.isCustom ? undefined : lengths[field.writeName]) ?? null,
  options: shownOptions(field),
  options_total: field.options.length,
  is_settable: isSettable,
  required_because: reason,
});

export const shownOptions = (field: TemplateField): FieldOut["options"] =>
  field.options.slice(0, MAX_OPTIONS).map(({ id, name }) => ({ id, name }));

/** What a caller calls it. */
export const argumentOf = ({ isCustom, writeName }: TemplateField): string =>
  isCustom ? writeName : (ARGUMENTS[writeName] ?? writeName);

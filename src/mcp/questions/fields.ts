import { z } from "zod";
import type { McpField } from "../../core/mcp-questions.ts";
import { MAX_CHOICES, MAX_FIELDS, MAX_LABEL_CHARS, MAX_VALUE_CHARS } from "./limits.ts";
import { plainLine } from "./plain-line.ts";

/** As the specification restricts it: one flat object of simple values. */
const property = z.looseObject({
  type: z.enum(["string", "number", "integer", "boolean", "array"]),
  title: z.string().nullish(),
  description: z.string().nullish(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).nullish(),
  enumNames: z.array(z.string()).nullish(),
  oneOf: z.array(z.looseObject({ const: z.string(), title: z.string().nullish() })).nullish(),
  items: z
    .looseObject({
      enum: z.array(z.string()).nullish(),
      anyOf: z.array(z.looseObject({ const: z.string(), title: z.string().nullish() })).nullish(),
    })
    .nullish(),
  minLength: z.number().nullish(),
  maxLength: z.number().nullish(),
  minimum: z.number().nullish(),
  maximum: z.number().nullish(),
});

const schema = z.looseObject({
  properties: z.record(z.string(), property),
  required: z.array(z.string()).nullish(),
});

/** What a form asks for, the required first; null when it is no such form, or wants more than a form has room for. */
export function toFields(requestedSchema: unknown): readonly McpField[] | null {
  const parsed = schema.safeParse(requestedSchema);
  if (!parsed.success) return null;
  const required = new Set(parsed.data.required ?? []);
  const fields = Object.entries(parsed.data.properties)
    .map(([name, given]) => toField(name, given, required.has(name)))
    .toSorted((one, other) => Number(other.isRequired) - Number(one.isRequired));
  const isTooMuch = fields[MAX_FIELDS]?.isRequired === true;
  const isTooWide = fields.some(({ choices }) => choices.length > MAX_CHOICES);
  return isTooMuch || isTooWide ? null : fields.slice(0, MAX_FIELDS);
}

function toField(name: string, given: z.infer<typeof property>, isRequired: boolean): McpField {
  const choices = choicesOf(given);
  return {
    name,
    label: plainLine(given.title ?? name, MAX_LABEL_CHARS),
    description: given.description ? plainLine(given.description, 300) : "",
    type: typeOf(given, choices.length > 0),
    choices,
    isRequired,
    initial: initialOf(given.default),
    minLength: given.minLength ?? undefined,
    maxLength: given.maxLength ?? undefined,
    minimum: given.minimum ?? undefined,
    maximum: given.maximum ?? undefined,
  };
}

function typeOf({ type }: z.infer<typeof property>, hasChoices: boolean): McpField["type"] {
  if (type === "array") return "choices";
  if (type === "string") return hasChoices ? "choice" : "text";
  return type;
}

function choicesOf({ enum: plain, enumNames, oneOf, items }: z.infer<typeof property>) {
  const titled = oneOf ?? items?.anyOf;
  if (titled)
    return titled.map(({ const: value, title }) => ({
      value,
      name: plainLine(title ?? value, 100),
    }));
  return (plain ?? items?.enum ?? []).map((value, index) => ({
    value,
    name: plainLine(enumNames?.[index] ?? value, 100),
  }));
}

function initialOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter((each) => typeof each === "string").join(", ");
  const isPlain = ["string", "number", "boolean"].includes(typeof value);
  return isPlain ? String(value).slice(0, MAX_VALUE_CHARS) : "";
}

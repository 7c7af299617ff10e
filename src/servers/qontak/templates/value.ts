import { z } from "zod";
import { dayOf, momentOf } from "../dates.ts";
import type { TemplateField } from "./field.ts";

/** What a caller may give as the value of a custom field. */
export type FieldValue = string | number | boolean | readonly (string | number)[] | null;

export type Written =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "wrong"; readonly problem: string };

const MAX_TEXT = 10_000;

/** Types that cannot be set through the API at all, and why. */
const UNSETTABLE: Readonly<Record<string, string>> = {
  photo: "pictures are added in Qontak itself",
  signature: "signatures are made in Qontak itself",
  gps: "a place is set by checking in with the app",
  checkin: "a place is set by checking in with the app",
  assoc: "it is another record, linked by its own field",
};

/** What a value of this type looks like, in words for the model. */
const FORMATS: Readonly<Record<string, string>> = {
  "single-line text": "Text on one line",
  "text area": "Text",
  number: "A number",
  percentage: "A number from 0 to 100",
  date: "YYYY-MM-DD, dd-mm-yyyy or dd/mm/yyyy",
  "date time": "YYYY-MM-DD HH:MM:SS",
  "dropdown select": "One of the options: its id or its name",
  "multiple select": "Some of the options: a list of ids or names",
  url: "https://...",
  upload: "https://... of the file",
  checklist: 'JSON: {"checklist_details_attributes":[{"name":"...","completed":false}]}',
};

export const isSettableType = (type: string): boolean => !Object.hasOwn(UNSETTABLE, type);

export const formatOf = (type: string): string =>
  FORMATS[type] ?? (UNSETTABLE[type] ? `Cannot be set here: ${UNSETTABLE[type]}` : "Text");

/** The value as Qontak wants it for this field; or what is wrong with it. */
export function toWritten(field: TemplateField, value: FieldValue): Written {
  if (!isSettableType(field.type)) return wrong(formatOf(field.type));
  if (value === null) return { kind: "value", value: "" };
  if (field.type === "multiple select") return several(field, value);
  if (Array.isArray(value)) return wrong("is one value, not a list");
  const text = String(value).trim();
  if (text.length > MAX_TEXT) return wrong(`has more than ${MAX_TEXT} characters`);
  if (field.type === "dropdown select") return oneOption(field, text);
  return fits(field.type, text) ? { kind: "value", value: text } : wrong(formatOf(field.type));
}

/** By its id, its name or its address. */
export function findOption(field: TemplateField, said: string): string | null {
  const words = said.trim().toLowerCase();
  const byId = field.options.find(({ id }) => id === said.trim());
  const byName = field.options.find(
    ({ name, email }) => name.trim().toLowerCase() === words || email?.toLowerCase() === words,
  );
  return (byId ?? byName)?.id ?? null;
}

function oneOption(field: TemplateField, text: string): Written {
  const id = findOption(field, text);
  return id === null
    ? wrong(`"${text.slice(0, 80)}" is none of its options`)
    : { kind: "value", value: id };
}

function several(field: TemplateField, value: NonNullable<FieldValue>): Written {
  const said = Array.isArray(value) ? value.map(String) : splitList(field, String(value));
  const found = said.map((each) => ({ each, id: findOption(field, each) }));
  const strange = found.filter(({ id }) => id === null).map(({ each }) => `"${each.slice(0, 80)}"`);
  return strange.length > 0
    ? wrong(`${strange.slice(0, 10).join(", ")}: none of its options`)
    : { kind: "value", value: found.map(({ id }) => id).join(",") };
}

/** The name of an option may have a comma in it. */
const splitList = (field: TemplateField, text: string): readonly string[] =>
  findOption(field, text) === null ? text.split(",").filter((each) => each.trim() !== "") : [text];

function fits(type: string, text: string): boolean {
  switch (type) {
    case "number":
      return isNumber(text);
    case "percentage":
      return isNumber(text) && Number(text) >= 0 && Number(text) <= 100;
    case "date":
      return dayOf(text) !== null;
    case "date time":
      return momentOf(text) !== null;
    case "url":
    case "upload":
      return /^https?:\/\//i.test(text) && URL.canParse(text);
    case "single-line text":
      return !/[\r\n]/.test(text);
    case "checklist":
      return checklist.safeParse(jsonOf(text)).success;
    default:
      return true;
  }
}

const checklist = z.looseObject({
  checklist_details_attributes: z.array(z.looseObject({ name: z.string().min(1) })),
});

const isNumber = (text: string): boolean => text !== "" && Number.isFinite(Number(text));

const wrong = (problem: string): Written => ({ kind: "wrong", problem });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Refused by the schema.
  }
}

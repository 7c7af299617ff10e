import { Failure } from "../../kit/failure.ts";
import {
  readCustomFields,
  wrongField,
  type CustomFieldGiven,
  type WrittenField,
  type WrongField,
} from "./custom-fields.ts";
import { argumentOf, toFieldOut } from "./describe.ts";
import type { TemplateField } from "./field.ts";
import { requirementsAt, type Place, type Requirement, type WriteRules } from "./requirements.ts";
import { findOption } from "./value.ts";

/** What is about to be written. */
export interface Draft {
  readonly entity: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly custom: readonly CustomFieldGiven[];
  readonly place: Place;
  /** What the record has already; null for a new one. Only a move is asked what is required. */
  readonly current: Readonly<Record<string, unknown>> | null;
  readonly isMoving: boolean;
}

export interface CheckRules extends WriteRules {
  readonly lengths: Readonly<Record<string, number>>;
}

/** What may be written. */
export interface Good {
  readonly kind: "good";
  readonly body: Draft["body"];
  readonly custom: readonly WrittenField[];
}

export type Checked = Good | { readonly kind: "bad"; readonly failure: Failure };

/** Whether Qontak would take it, as far as its template says, with all that is missing or wrong at once. */
export function check(fields: readonly TemplateField[], draft: Draft, rules: CheckRules): Checked {
  const { written, wrong } = readCustomFields(fields, draft.custom);
  const wrongAll = [...wrong, ...wrongOptions(fields, draft.body)];
  const isAsked = draft.current === null || draft.isMoving;
  const required = isAsked ? requirementsAt(fields, draft.place, rules) : [];
  const missing = required.filter(
    (each) => each.reason !== null && each.isSettable && !isThere(each, draft, written),
  );
  if (missing.length === 0 && wrongAll.length === 0)
    return { kind: "good", body: draft.body, custom: written };
  return { kind: "bad", failure: refusal(draft, missing, wrongAll, rules) };
}

function isThere(
  { field }: Requirement,
  { body, current }: Draft,
  written: readonly WrittenField[],
): boolean {
  if (!field.isCustom)
    return isFilled(
      body[field.writeName] === undefined ? current?.[field.writeName] : body[field.writeName],
    );
  const given = written.find(({ id }) => id === field.id);
  if (given) return isFilled(given.value);
  const held = current?.["additional_fields"];
  return (
    Array.isArray(held) &&
    held.some(
      (each: { id?: unknown; value?: unknown } | null) =>
        each?.id === field.id && isFilled(each?.value),
    )
  );
}

const isFilled = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0);

/** Of standard fields: an id that is none of the options. */
const wrongOptions = (
  fields: readonly TemplateField[],
  body: Draft["body"],
): readonly WrongField[] =>
  fields
    .filter(
      ({ isCustom, type, options, hasOptionIds }) =>
        !isCustom && type === "dropdown select" && options.length > 0 && hasOptionIds,
    )
    .flatMap((field) => {
      const value = body[field.writeName];
      const isPlain = typeof value === "number" || typeof value === "string";
      if (!isPlain || value === "" || findOption(field, String(value)) !== null) return [];
      return [wrongField(field, `${String(value).slice(0, 80)} is none of its options`)];
    });

function refusal(
  { entity }: Draft,
  missing: readonly Requirement[],
  wrong: readonly WrongField[],
  { lengths }: CheckRules,
): Failure {
  const names = missing.map(({ field }) => argumentOf(field));
  const words = [
    ...(names.length > 0 ? [`missing: ${names.join(", ")}`] : []),
    ...wrong.map(({ field, problem }) => `${field}: ${problem}`),
  ];
  const details = {
    ...(missing.length > 0 ? { missing: missing.map((each) => toFieldOut(each, lengths)) } : {}),
    ...(wrong.length > 0 ? { wrong } : {}),
  };
  const code = missing.length > 0 ? "MISSING_REQUIRED_FIELDS" : "INVALID_ARGUMENT";
  return new Failure(
    code,
    `Qontak would not take this ${entity}; nothing was sent. ${words.join("; ")}.`,
    {
      hint: "Give what is missing and correct what is wrong: custom fields in additional_fields, others by their write_name. Ask the person for what you do not know.",
      details,
    },
  );
}

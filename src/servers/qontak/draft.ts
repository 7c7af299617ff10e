import { textOf } from "./text-of.ts";
import type { z } from "zod";
import { Failure } from "../kit/failure.ts";
import type { Row } from "./api/wire.ts";
import { ARGUMENTS, type Entity, type Word } from "./entities/entity.ts";
import { anyId } from "./entities/fields.ts";
import { customFieldsIn, type CustomFieldGiven } from "./templates/custom-fields.ts";
import { argumentOf, shownOptions } from "./templates/describe.ts";
import type { TemplateField } from "./templates/field.ts";

/** What a caller said, by the names that Qontak knows. */
export interface Said {
  readonly body: Row;
  readonly custom: readonly CustomFieldGiven[];
  /** Said in words; the template knows their numbers. */
  readonly inWords: readonly { readonly word: string; readonly value: string }[];
}

type Shape = Record<string, z.ZodType>;

/** Arguments of create_<one>. */
export function createShape(entity: Entity): Shape {
  const words = wordsOf(entity, false);
  const hasOther = (field: string) => Object.values(words).some(({ of }) => of === field);
  const fields = ownFields(entity).map(([name, schema]) => {
    const isRequired = entity.required.includes(name) && !hasOther(name);
    return [name, isRequired ? schema : schema.optional()] as const;
  });
  return { ...Object.fromEntries(fields), ...optional(words), ...customShape(entity) };
}

/** Arguments of update_<one>: what may be left out of a new record may be emptied by null. */
export const updateShape = (entity: Entity): Shape => ({
  [entity.idName]: anyId,
  ...Object.fromEntries(
    ownFields(entity).map(([name, schema]) => [
      name,
      isAlwaysThere(entity, name) ? schema.optional() : schema.nullable().optional(),
    ]),
  ),
  ...optional(wordsOf(entity, true)),
  ...customShape(entity),
});

const isAlwaysThere = ({ required, template }: Entity, name: string): boolean =>
  required.includes(name) || (template?.moves.includes(name) ?? false);

const ownFields = ({ fields }: Entity) =>
  Object.entries(fields).filter(([name]) => !Object.hasOwn(ARGUMENTS, name));

const wordsOf = ({ words }: Entity, isUpdate: boolean): Readonly<Record<string, Word>> =>
  Object.fromEntries(
    Object.entries(words).filter(([, { isForUpdate }]) => isUpdate || !isForUpdate),
  );

const optional = (words: Readonly<Record<string, Word>>): Shape =>
  Object.fromEntries(Object.entries(words).map(([name, { schema }]) => [name, schema.optional()]));

const customShape = ({ takesCustom }: Entity): Shape =>
  takesCustom ? { additional_fields: customFieldsIn.optional() } : {};

/** Sorts out what a caller said. Throws INVALID_ARGUMENT where it says one thing twice. */
export function readSaid(entity: Entity, given: Row): Said {
  const body: Record<string, unknown> = {};
  const inWords: { word: string; value: string }[] = [];
  for (const name of Object.keys(entity.fields))
    if (given[name] !== undefined) body[name] = given[name];
  for (const [name, word] of Object.entries(entity.words)) {
    if (given[name] === undefined) continue;
    if (body[word.of] !== undefined) throw twice(name, word.of);
    if (word.options) inWords.push({ word: name, value: textOf(given[name]) });
    else body[word.of] = word.to(given[name]);
  }
  const custom = given["additional_fields"] ?? [];
  return { body, custom: custom as readonly CustomFieldGiven[], inWords };
}

/** With numbers for what was said in words. Throws INVALID_ARGUMENT when the template has none for it. */
export function withWords(entity: Entity, said: Said, fields: readonly TemplateField[]): Row {
  const found = said.inWords.map(({ word, value }) => {
    const { of = word, options = {} } = entity.words[word] ?? {};
    const field = fields.find(({ isCustom, writeName }) => !isCustom && writeName === of);
    const names = options[value] ?? [value];
    const option = field?.options.find(({ name }) => names.includes(name.trim().toLowerCase()));
    if (!option) throw noSuchWord(word, value, of, field);
    if (said.body[of] !== undefined) throw twice(word, of);
    return [of, Number(option.id)] as const;
  });
  return { ...said.body, ...Object.fromEntries(found) };
}

/** Throws MISSING_REQUIRED_FIELDS where neither the field nor another name of it was given. */
export function needRequired(entity: Entity, body: Row): void {
  const missing = entity.required.filter((name) => body[name] === undefined);
  if (missing.length === 0) return;
  throw new Failure(
    "MISSING_REQUIRED_FIELDS",
    `A ${entity.says} wants ${missing.join(", ")}. Nothing was sent.`,
    { hint: "Give what is missing.", details: { missing } },
  );
}

const twice = (word: string, of: string): Failure =>
  new Failure("INVALID_ARGUMENT", `${word} and ${ARGUMENTS[of] ?? of} are the same thing.`, {
    hint: "Give one of them.",
  });

const noSuchWord = (
  word: string,
  value: string,
  of: string,
  field: TemplateField | undefined,
): Failure =>
  new Failure("INVALID_ARGUMENT", `This company has nothing called "${value}" for ${word}.`, {
    hint: `Give ${field ? argumentOf(field) : of} instead.`,
    details: { options: field ? shownOptions(field) : [] },
  });

import type { McpField } from "./mcp-questions.ts";

export type McpValue = string | number | boolean | readonly string[];

export type McpValues =
  | { readonly kind: "good"; readonly content: Readonly<Record<string, McpValue>> }
  /** In words for the person. */
  | { readonly kind: "bad"; readonly says: string };

const YES = /^(?:yes|y|true|on|1|ja|oui|ya)$/i;
const NO = /^(?:no|n|false|off|0|nein|non|tidak)$/i;
const MAX_CHARS = 4_000;

/** What a person wrote into a form, as the values that were asked for. */
export function readValues(
  fields: readonly McpField[],
  values: Readonly<Record<string, string>>,
): McpValues {
  const content: Record<string, McpValue> = {};
  for (const field of fields) {
    const text = (values[field.name] ?? "").trim();
    if (text === "") {
      if (field.isRequired) return { kind: "bad", says: `**${field.label}** is needed.` };
      continue;
    }
    const value = readValue(field, text);
    if (value === null) return { kind: "bad", says: `**${field.label}**: ${wantedOf(field)}` };
    content[field.name] = value;
  }
  return { kind: "good", content };
}

function readValue(field: McpField, text: string): McpValue | null {
  switch (field.type) {
    case "boolean":
      return YES.test(text) ? true : NO.test(text) ? false : null;
    case "number":
    case "integer":
      return readNumber(field, text);
    case "choice":
      return choiceOf(field, text);
    case "choices": {
      const chosen = text.split(/[,;\n]/).flatMap((each) => each.trim() || []);
      const known = chosen.flatMap((each) => choiceOf(field, each) ?? []);
      return known.length === chosen.length ? [...new Set(known)] : null;
    }
    case "text":
      return text.length >= (field.minLength ?? 0) && text.length <= (field.maxLength ?? MAX_CHARS)
        ? text
        : null;
  }
}

function readNumber({ type, minimum, maximum }: McpField, text: string): number | null {
  const number = Number(text.replace(/^([-+]?\d+),(\d+)$/, "$1.$2"));
  const isWithin = number >= (minimum ?? -Infinity) && number <= (maximum ?? Infinity);
  const isGood = Number.isFinite(number) && (type === "number" || Number.isSafeInteger(number));
  return isGood && isWithin ? number : null;
}

/** By value or by name, in whatever letters. */
function choiceOf({ choices }: McpField, text: string): string | null {
  const wanted = text.toLowerCase();
  const found = choices.find(
    ({ value, name }) => value.toLowerCase() === wanted || name.toLowerCase() === wanted,
  );
  return found?.value ?? null;
}

/** What may be written there, for the person. */
export function wantedOf(field: McpField): string {
  switch (field.type) {
    case "boolean":
      return "yes or no";
    case "number":
    case "integer":
      return `a ${field.type === "integer" ? "whole " : ""}number${rangeOf(field)}`;
    case "choice":
      return `one of ${field.choices.map(({ name }) => name).join(", ")}`;
    case "choices":
      return `some of ${field.choices.map(({ name }) => name).join(", ")}, with commas between`;
    case "text":
      return `${field.minLength ?? 0} to ${field.maxLength ?? MAX_CHARS} characters`;
  }
}

const rangeOf = ({ minimum, maximum }: McpField): string =>
  (minimum === undefined ? "" : ` from ${minimum}`) +
  (maximum === undefined ? "" : ` up to ${maximum}`);

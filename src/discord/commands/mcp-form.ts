import type { McpNeed, McpOffer } from "../../core/mcp-install.ts";
import type { JsonObject } from "../../core/model.ts";
import type { Field, Form } from "./reply.ts";

/** Discord's. */
const MAX_FIELDS = 5;
const MAX_LABEL_CHARS = 45;
const MAX_PLACEHOLDER_CHARS = 100;
const MAX_VALUE_CHARS = 4_000;
const MORE = "more";

/** Asks for keys in private; null when there is nothing to ask. */
export function formFor(
  offer: McpOffer,
  known: readonly string[],
  action: string,
  data: JsonObject,
): Form | null {
  const asked = askedOf(offer, known);
  const isOpen = isOpenFor(offer);
  if (asked.length === 0 && !isOpen) return null;
  const fields = [
    ...asked.map(toField),
    ...(isOpen && asked.length < MAX_FIELDS ? [MORE_FIELD] : []),
  ];
  return { title: `Keys for ${offer.name}`.slice(0, MAX_LABEL_CHARS), fields, action, data };
}

/** Why it cannot be asked for in one form; null when it can. */
export function tooManyWords({ needs }: McpOffer, known: readonly string[]): string | null {
  const required = needs.filter(({ name, isRequired }) => isRequired && !known.includes(name));
  return required.length <= MAX_FIELDS
    ? null
    : `It needs ${required.length} keys, and a form holds ${MAX_FIELDS}. Whoever runs me can write it as a file in MCP_SERVERS_DIR.`;
}

/** What is required first; what is only if one likes, and has no room, is left out. */
const askedOf = ({ needs }: McpOffer, known: readonly string[]): readonly McpNeed[] =>
  needs
    .filter(({ name }) => !known.includes(name))
    .toSorted((one, other) => Number(other.isRequired) - Number(one.isRequired))
    .slice(0, MAX_FIELDS);

/** Nobody says which variables a package needs: a person may know. */
const isOpenFor = ({ launch, needs, source }: McpOffer): boolean =>
  launch.kind === "stdio" && needs.length === 0 && source.kind !== "first-party";

const toField = ({ name, description, isRequired, fallback }: McpNeed): Field => ({
  name,
  label: name.slice(0, MAX_LABEL_CHARS),
  style: "short",
  ...(description === "" ? {} : { placeholder: description.slice(0, MAX_PLACEHOLDER_CHARS) }),
  ...(fallback === null ? {} : { value: fallback.slice(0, MAX_VALUE_CHARS) }),
  isRequired,
  maxLength: MAX_VALUE_CHARS,
});

const MORE_FIELD: Field = {
  name: MORE,
  label: "Its variables, NAME=value, one a line",
  style: "long",
  placeholder: "API_KEY=...",
  isRequired: false,
  maxLength: MAX_VALUE_CHARS,
};

/** Values by name, as they were entered. */
export function readForm(
  offer: McpOffer,
  fields: Readonly<Record<string, string>>,
): { readonly values: Readonly<Record<string, string>> } | { readonly says: string } {
  const { [MORE]: lines = "", ...named } = fields;
  const values = Object.entries(named).filter(([name]) =>
    offer.needs.some((need) => need.name === name),
  );
  if (!isOpenFor(offer)) return { values: Object.fromEntries(values) };
  const read = lines
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => /^(?:export\s+)?(\w+)\s*=\s*(.*)$/.exec(line));
  if (read.some((each) => each === null))
    return { says: "Each line has to be NAME=value. Nothing was installed; press again." };
  return {
    values: Object.fromEntries([
      ...values,
      ...read.map((each) => [each?.[1] ?? "", each?.[2] ?? ""]),
    ]) as Record<string, string>,
  };
}

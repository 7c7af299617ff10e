import type { Json, JsonObject } from "../core/model.ts";
import { clean, shorten } from "./clean.ts";
import {
  MAX_SCHEMA_BYTES,
  MAX_SCHEMA_DEPTH,
  MAX_SCHEMA_NODES,
  MAX_SCHEMAS_PER_VALUE,
  MAX_TOLD_CHARS,
} from "./limits.ts";
import { costOf } from "./pattern.ts";
import { schemasPerValue, withoutLostRefs } from "./schema-refs.ts";

/** A schema of a server's as it can be used, or why it cannot. */
export type ReadSchema =
  | {
      readonly kind: "usable";
      readonly schema: JsonObject;
      /** What was left out, in words. */
      readonly repairs: readonly string[];
    }
  | { readonly kind: "unusable"; readonly why: string };

/** offer: told to models as a tool's arguments. check: results are compared with it, by us. */
export type SchemaUse = "offer" | "check";

class Unusable extends Error {}

/**
 * Repairs what providers reject and leaves out what is not needed to understand it; never fetches anything. What would
 * make a provider refuse the whole request, or is too much to look at, is unusable.
 */
export function readSchema(raw: unknown, use: SchemaUse): ReadSchema {
  const repairs = new Set<string>();
  try {
    if (Buffer.byteLength(JSON.stringify(raw) ?? "") > MAX_SCHEMA_BYTES)
      throw new Unusable(`it is larger than ${MAX_SCHEMA_BYTES / 1024} KiB`);
    if (!isObject(raw)) throw new Unusable("it is no object");
    const root = readObject(raw, { use, repairs, nodes: { left: MAX_SCHEMA_NODES } }, 0);
    const whole = withoutLostRefs(use === "offer" ? asArguments(root, repairs) : root, repairs);
    if (schemasPerValue(whole, MAX_SCHEMAS_PER_VALUE) > MAX_SCHEMAS_PER_VALUE)
      throw new Unusable("it refers to itself without end, or in too many ways");
    return { kind: "usable", schema: whole, repairs: [...repairs] };
  } catch (error) {
    if (error instanceof Unusable) return { kind: "unusable", why: error.message };
    throw error;
  }
}

interface State {
  readonly use: SchemaUse;
  readonly repairs: Set<string>;
  readonly nodes: { left: number };
}

const TYPES = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);
const ONE = new Set(
  `additionalProperties contains propertyNames not if then else unevaluatedItems unevaluatedProperties items`.split(
    " ",
  ),
);
const NAMED = new Set("properties patternProperties $defs definitions dependentSchemas".split(" "));
const MANY = new Set("allOf anyOf oneOf prefixItems".split(" "));
const NUMBERS = new Set(
  `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties
  maxProperties minContains maxContains`.split(/\s+/),
);
const WORDS = new Set("title description".split(" "));
const PLAIN = new Set(
  "const default examples readOnly writeOnly deprecated dependentRequired".split(" "),
);
/** Of property names, as Anthropic takes them. https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use */
const PROPERTY_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;

function read(raw: unknown, state: State, depth: number): Json {
  if (typeof raw === "boolean") return raw;
  if (!isObject(raw)) throw new Unusable("a part of it is neither an object nor true or false");
  return readObject(raw, state, depth);
}

function readObject(
  raw: Readonly<Record<string, unknown>>,
  state: State,
  depth: number,
): JsonObject {
  if (depth > MAX_SCHEMA_DEPTH) throw new Unusable(`it is nested deeper than ${MAX_SCHEMA_DEPTH}`);
  if (--state.nodes.left < 0) throw new Unusable(`it has more than ${MAX_SCHEMA_NODES} parts`);
  const kept = Object.entries(raw).flatMap(([key, value]) => {
    const read = readKeyword(key, value, state, depth + 1);
    return read === undefined ? [] : [[key, read] as const];
  });
  return Object.fromEntries(kept);
}

/** undefined: it is left out. */
function readKeyword(key: string, value: unknown, state: State, depth: number): Json | undefined {
  if (key === "type") return readType(value);
  if (key === "$ref") return typeof value === "string" ? value : undefined;
  if (key === "enum") return readEnum(value);
  if (key === "required") return strings(value);
  if (key === "pattern") return readPattern(value, state);
  if (key === "format") return typeof value === "string" ? value.slice(0, 50) : undefined;
  if (WORDS.has(key))
    return typeof value === "string" ? shorten(clean(value), MAX_TOLD_CHARS) : undefined;
  if (NUMBERS.has(key)) return typeof value === "number" ? value : undefined;
  if (PLAIN.has(key)) return readValue(value, depth);
  // Before 2020-12 a list of items was told so.
  if (ONE.has(key) && !Array.isArray(value)) return read(value, state, depth);
  if (MANY.has(key) && Array.isArray(value))
    return value.length === 0 ? undefined : value.map((each) => read(each, state, depth));
  if (NAMED.has(key) && isObject(value)) return readNamed(key, value, state, depth);
  return undefined;
}

function readType(value: unknown): Json {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const types = given.filter((each): each is string => typeof each === "string" && TYPES.has(each));
  if (types.length === 0 || types.length < given.length)
    throw new Unusable(
      `it names a type that does not exist (${JSON.stringify(value).slice(0, 60)})`,
    );
  return Array.isArray(value) ? types : (types[0] ?? "object");
}

function readEnum(value: unknown): Json | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.map((each: unknown) => readValue(each, 0));
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

function readPattern(value: unknown, { use, repairs }: State): string | undefined {
  if (typeof value !== "string") return undefined;
  const cost = costOf(value);
  if (cost === "fast" || (cost === "slow" && use === "offer")) return value;
  repairs.add("a pattern that could take for ever is not checked here");
  return undefined;
}

function readNamed(
  key: string,
  value: Readonly<Record<string, unknown>>,
  state: State,
  depth: number,
): JsonObject {
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    if (key === "properties" && state.use === "offer" && !PROPERTY_NAME.test(name))
      throw new Unusable("a property has a name that providers do not take");
    if (key === "patternProperties" && readPattern(name, state) === undefined) return [];
    return [[name, read(inner, state, depth)] as const];
  });
  return Object.fromEntries(entries);
}

/** Any JSON, with its words cleaned. */
function readValue(value: unknown, depth: number): Json {
  if (depth > MAX_SCHEMA_DEPTH) throw new Unusable(`it is nested deeper than ${MAX_SCHEMA_DEPTH}`);
  if (typeof value === "string") return clean(value);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => readValue(each, depth + 1));
  if (!isObject(value)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clean(key), readValue(inner, depth + 1)]),
  );
}

/** As providers want the arguments of a tool: an object, and at its top nothing but that. */
function asArguments(root: JsonObject, repairs: Set<string>): JsonObject {
  const { type, properties, allOf, anyOf, oneOf, not, enum: values, ...rest } = root;
  if (type !== undefined && type !== "object") throw new Unusable("its arguments are no object");
  if ([allOf, anyOf, oneOf, not, values].some((each) => each !== undefined))
    repairs.add("a choice at the top of its arguments is not told to models");
  return { ...rest, type: "object", properties: properties ?? {} };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

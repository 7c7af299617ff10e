import type { Json, JsonObject } from "../core/model.ts";

const MAX_ARGUMENTS_BYTES = 1_000_000;
/** JSON.parse takes a depth of 200,000, but JSON.stringify and structuredClone of the result throw RangeError. */
const MAX_ARGUMENTS_DEPTH = 64;

/** `problem` is words for the model, and `input` is then `{}`; null when the arguments are fine. */
export interface ParsedArguments {
  readonly input: JsonObject;
  readonly problem: string | null;
}

/** Reads what a model wrote as a tool's arguments. Never throws. No text at all means `{}`. */
export function parseArguments(text: string): ParsedArguments {
  if (text.trim() === "") return { input: {}, problem: null };
  const size = Buffer.byteLength(text);
  if (size > MAX_ARGUMENTS_BYTES) {
    return bad(`The arguments are ${size} bytes; at most ${MAX_ARGUMENTS_BYTES} are allowed.`);
  }
  if (depthOf(text) > MAX_ARGUMENTS_DEPTH) {
    return bad(`The arguments are nested deeper than ${MAX_ARGUMENTS_DEPTH} levels.`);
  }
  return parseObject(text);
}

function parseObject(text: string): ParsedArguments {
  let value: Json;
  try {
    value = JSON.parse(text, harmless) as Json;
  } catch (error) {
    return bad(`The arguments are not valid JSON: ${error instanceof Error ? error.message : ""}`);
  }
  return isObject(value)
    ? { input: value, problem: null }
    : bad("The arguments must be a JSON object, like {}.");
}

/** Drops `__proto__`, which becomes a prototype when the object is copied, and refuses 1e999, which becomes Infinity. */
function harmless(key: string, value: unknown): unknown {
  if (key === "__proto__") return undefined;
  if (typeof value === "number" && !Number.isFinite(value))
    throw new SyntaxError("a number is too large");
  return value;
}

/** The deepest nesting of brackets outside strings, found without recursion. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === "\\") i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") deepest = Math.max(deepest, ++depth);
    else if (char === "}" || char === "]") depth--;
  }
  return deepest;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const bad = (problem: string): ParsedArguments => ({ input: {}, problem });

import type { Json, JsonObject } from "../core/model.ts";

/** Applies to the value itself, and not to a part of it. */
const IN_PLACE_MANY = ["allOf", "anyOf", "oneOf"];
const IN_PLACE_ONE = ["not", "if", "then", "else"];

/** With every reference that leads nowhere within the schema taken out: nothing is ever fetched for one. */
export function withoutLostRefs(root: JsonObject, repairs: Set<string>): JsonObject {
  return walk(root) as JsonObject;

  function walk(node: Json): Json {
    if (Array.isArray(node)) return node.map(walk);
    if (!isSchema(node)) return node;
    const entries = Object.entries(node).flatMap(([key, value]) => {
      if (key !== "$ref" || typeof value !== "string") return [[key, walk(value)] as const];
      if (lookUp(root, value) !== null) return [[key, value] as const];
      repairs.add("a reference that leads elsewhere is not followed");
      return [];
    });
    return Object.fromEntries(entries);
  }
}

/**
 * At most how many schemas one value has to be compared with, when every reference and choice is followed. Infinity for
 * one that leads back to itself. Counting ends above `limit`.
 */
export function schemasPerValue(root: JsonObject, limit: number): number {
  const known = new Map<Json, number>();
  const open = new Set<Json>();
  let most = 0;
  const visit = (node: Json): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isSchema(node)) return;
    most = Math.max(most, count(node));
    if (most <= limit) Object.values(node).forEach(visit);
  };
  visit(root);
  return most;

  function count(node: Json): number {
    if (!isSchema(node)) return 1;
    const before = known.get(node);
    if (before !== undefined) return before;
    if (open.has(node)) return Infinity;
    open.add(node);
    const total = inPlace(root, node).reduce<number>((sum, inner) => sum + count(inner), 1);
    open.delete(node);
    known.set(node, total);
    return total;
  }
}

function inPlace(root: JsonObject, node: JsonObject): readonly Json[] {
  const { $ref, dependentSchemas } = node;
  const target = typeof $ref === "string" ? lookUp(root, $ref) : null;
  return [
    ...(target === null ? [] : [target]),
    ...IN_PLACE_MANY.flatMap((key) => listOf(node[key])),
    ...IN_PLACE_ONE.flatMap((key) => (node[key] === undefined ? [] : [node[key]])),
    ...(dependentSchemas !== undefined && isSchema(dependentSchemas)
      ? Object.values(dependentSchemas)
      : []),
  ];
}

const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];

/** What `#/a/b` stands for; null when it is not within this schema. https://www.rfc-editor.org/rfc/rfc6901 */
function lookUp(root: JsonObject, ref: string): Json | null {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return null;
  let node: Json | undefined = root;
  for (const step of ref.slice(2).split("/")) {
    const key = unescape(step);
    if (Array.isArray(node)) node = (node as readonly Json[])[Number(key)];
    else if (node !== undefined && isSchema(node) && Object.hasOwn(node, key)) node = node[key];
    else return null;
  }
  return node ?? null;
}

function unescape(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return step;
  }
}

const isSchema = (node: Json): node is JsonObject =>
  typeof node === "object" && node !== null && !Array.isArray(node);

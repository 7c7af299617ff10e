import type {
  JsonSchemaType,
  JsonSchemaValidator,
  jsonSchemaValidator,
} from "@modelcontextprotocol/client";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";
import { MAX_CHECKED_VALUES } from "./limits.ts";
import { readSchema } from "./schema.ts";

/**
 * Compares results with the schemas of servers. Schemas are read by us first and then interpreted, never compiled: what a
 * stranger wrote can cost no more than its size. A schema that cannot be used checks nothing.
 */
export function createValidator(): jsonSchemaValidator {
  const engine = new CfWorkerJsonSchemaValidator({ draft: "2020-12" });
  // The same object is asked for at every call.
  const known = new WeakMap<object, JsonSchemaValidator<unknown>>();

  function make(schema: JsonSchemaType): JsonSchemaValidator<unknown> {
    const read = readSchema(schema, "check");
    if (read.kind === "unusable") return valid;
    const check = engine.getValidator(read.schema as JsonSchemaType);
    return (value) => {
      if (!isSmall(value, { left: MAX_CHECKED_VALUES }))
        return {
          valid: false,
          data: undefined,
          errorMessage: `it holds more than ${MAX_CHECKED_VALUES} values`,
        };
      return check(value);
    };
  }

  return {
    getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
      const before = known.get(schema);
      const check = before ?? make(schema);
      if (!before) known.set(schema, check);
      return check as JsonSchemaValidator<T>;
    },
  };
}

const valid: JsonSchemaValidator<unknown> = (data) => ({
  valid: true,
  data,
  errorMessage: undefined,
});

function isSmall(value: unknown, count: { left: number }): boolean {
  if (--count.left < 0) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((inner) => isSmall(inner, count));
}

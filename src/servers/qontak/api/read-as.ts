import type { z } from "zod";
import { Failure } from "../../kit/failure.ts";

/** What Qontak sent, by its schema. Throws SCHEMA_MISMATCH. */
export function readAs<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure("SCHEMA_MISMATCH", "Qontak's answer does not have the shape that we know.", {
    hint: "Qontak may have changed. Whoever runs the server finds the field in its log.",
    cause: parsed.error,
  });
}

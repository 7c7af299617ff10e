import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";

const OWNER = /^[a-z\d]{1,64}(\.[a-z\d]{1,64})?$/;

/** Whose sandbox: in the address, and nothing that could be a path. Throws HTTPException. */
export function ownerIn(c: Context): string {
  const owner = c.req.param("user") ?? "";
  if (OWNER.test(owner)) return owner;
  throw new HTTPException(400, {
    message: "The user has to be of small letters and digits, with at most one point.",
  });
}

/** The body as the schema gives it. Throws HTTPException with what does not fit. */
export async function bodyOf<Output>(c: Context, schema: z.ZodType<Output>): Promise<Output> {
  return fitting(schema, await c.req.json().catch(() => null));
}

export function fitting<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new HTTPException(400, { message: `The request does not fit: ${words.join("; ")}` });
}

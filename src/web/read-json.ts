import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";

/** The body as the schema gives it. Throws HTTPException with words for the caller when it is anything else. */
export async function readJson<Output>(c: Context, schema: z.ZodType<Output>): Promise<Output> {
  // A form of another site cannot send this type without asking first, and nobody here says yes.
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new HTTPException(415, {
      message: "Send JSON, with the header Content-Type: application/json.",
    });
  return parse(schema, toJson(await c.req.text()));
}

/** Throws HTTPException, 400, that names every field that does not fit. */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.map(({ path, message }) =>
    [path.join("."), message].filter((piece) => piece !== "").join(": "),
  );
  throw new HTTPException(400, { message: words.join(" ") });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HTTPException(400, { message: "The body is not JSON.", cause });
  }
}

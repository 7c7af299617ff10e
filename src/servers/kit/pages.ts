import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { Failure } from "./failure.ts";

const cursorSchema = z.object({ page: z.int().positive().max(1_000_000), of: z.string() });

/** Where the next page begins, for the very same question only. */
export const toCursor = (page: number, question: unknown): string =>
  Buffer.from(JSON.stringify({ page, of: markOf(question) })).toString("base64url");

/** The page that a cursor leads to; 1 without one. Throws INVALID_CURSOR when it belongs to another question. */
export function pageOf(cursor: string | undefined, question: unknown): number {
  if (cursor === undefined) return 1;
  const read = cursorSchema.safeParse(jsonOf(cursor));
  if (!read.success || read.data.of !== markOf(question))
    throw new Failure("INVALID_CURSOR", "This cursor does not belong to this question.", {
      hint: "Leave it out to begin with the first page, and change nothing else while you turn pages.",
    });
  return read.data.page;
}

const markOf = (question: unknown): string =>
  createHash("sha256").update(canonicalJson(question)).digest("base64url").slice(0, 12);

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return null; // Refused below.
  }
}

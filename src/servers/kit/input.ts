import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { z } from "zod";
import { Failure } from "./failure.ts";
import type { Tool } from "./tool.ts";

/** Says which tenant it is for, where the server's tools take it. */
const USER_ID = "user_id";
const MAX_ISSUES = 10;

const userId = z
  .string()
  .optional()
  .describe("Whose account, for hosts that serve several people. Leave it out otherwise.");

export interface ReadInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly userId: string | undefined;
}

/** The input of a tool as callers see it: nothing but the fields that are named. */
export const inputSchema = (tool: Tool, takesUserId: boolean): z.ZodObject =>
  (takesUserId ? tool.input.safeExtend({ [USER_ID]: userId }) : tool.input).strict();

/** Throws a Failure that says which field is wrong and what would be right. */
export function readInput(schema: z.ZodObject, value: unknown): ReadInput {
  const read = schema.safeParse(value ?? {});
  if (!read.success) throw wrongInput(read.error);
  const { [USER_ID]: asked, ...input } = read.data;
  return { input, userId: typeof asked === "string" ? asked : undefined };
}

export function wrongInput(error: z.ZodError): Failure {
  const issues = error.issues.slice(0, MAX_ISSUES).map((issue) => ({
    field: issue.path.join(".") || "(all)",
    problem: issue.message,
  }));
  const words = issues.map(({ field, problem }) => `${field}: ${problem}`).join("; ");
  return new Failure("INVALID_ARGUMENT", `The arguments do not fit: ${words}`, {
    hint: "Correct these fields and call again.",
    details: { issues },
  });
}

/** The schema for the protocol's lists only: what comes in is read by us, so that all errors speak alike. */
export function advertised(schema: z.ZodObject): StandardSchemaWithJSON {
  const converted = new Map<string, Record<string, unknown>>();
  const convert = (io: "input" | "output") => () => {
    const known =
      converted.get(io) ??
      z.toJSONSchema(schema, {
        io,
        unrepresentable: "any",
        override: ({ jsonSchema }) => withoutSafeBounds(jsonSchema),
      });
    converted.set(io, known);
    return known;
  };
  return {
    "~standard": {
      version: 1,
      vendor: "clara",
      validate: (value) => ({ value }),
      jsonSchema: { input: convert("input"), output: convert("output") },
    },
  };
}

/** That an integer fits into a number of JavaScript need not be said to a model, some hundred times. */
function withoutSafeBounds(schema: { maximum?: number; minimum?: number }): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

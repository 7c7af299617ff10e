import type { CallToolResult } from "@modelcontextprotocol/server";
import { Failure, isPassing } from "./failure.ts";
import type { Redactor } from "./redact.ts";
import type { Tool, ToolAnswer } from "./tool.ts";

/** Where programs find what went wrong, without reading words. */
export const FAILURE_META = "clara/failure";

/** Structured content that fits the tool's own schema, and the same in words. */
export function toResult(
  tool: Tool,
  answer: ToolAnswer<unknown>,
  redact: Redactor,
): CallToolResult {
  const read = tool.output.safeParse(answer.data);
  if (!read.success)
    throw new Failure("SCHEMA_MISMATCH", "The answer does not have the shape it should have.", {
      hint: "The upstream has changed, or sends something unexpected. Whoever runs the server finds more in its log.",
      cause: read.error,
    });
  const structuredContent = redact.data(read.data);
  const text =
    answer.text === undefined ? JSON.stringify(structuredContent) : redact.data(answer.text);
  return { structuredContent, content: [{ type: "text", text }, ...(answer.content ?? [])] };
}

/** Words for the model: what happened, and what to do. */
export function toErrorResult(failure: Failure, redact: Redactor): CallToolResult {
  const { code, hint, retryAfterMs, status } = failure;
  const details = redact.data(failure.details);
  const wait =
    retryAfterMs === undefined ? [] : [`Wait ${Math.ceil(retryAfterMs / 1000)} s first.`];
  const more = details === undefined ? [] : [`Details: ${JSON.stringify(details)}`];
  const what = `${code}: ${failure.message}`;
  const said = /[.!?;:]$/.test(what) ? what : `${what}.`;
  const text = [said, ...(hint ? [hint] : []), ...wait, ...more].join(" ");
  return {
    isError: true,
    content: [{ type: "text", text: redact.words(text) }],
    _meta: {
      [FAILURE_META]: {
        code,
        isPassing: isPassing(failure),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(status === undefined ? {} : { status }),
        ...(details === undefined ? {} : { details }),
      },
    },
  };
}

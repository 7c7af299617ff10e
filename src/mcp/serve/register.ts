import { fromJsonSchema, type CallToolResult, type McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Tool, ToolContext, ToolFile, ToolOutput } from "../../core/tool.ts";
import { MAX_FILE_BYTES, MAX_FILES } from "./limits.ts";

interface Deps {
  readonly cleanText: (text: string) => string;
}

/** Offers one of Clara's tools to a program, as the person in `place`. */
export function register(
  { cleanText }: Deps,
  server: McpServer,
  tool: Tool,
  place: Pick<ToolContext, "scope" | "conversationId">,
): void {
  const isRead = tool.effect === "read";
  server.registerTool(
    tool.name,
    {
      title: tool.label,
      description: tool.description,
      inputSchema: fromJsonSchema(schemaOf(tool)),
      annotations: {
        title: tool.label,
        readOnlyHint: isRead,
        destructiveHint: !isRead && DESTRUCTIVE.test(tool.name),
        idempotentHint: isRead,
        openWorldHint: tool.effect === "outside",
      },
    },
    async (given, { mcpReq }) => {
      const refused = tool.refuses?.(place.scope) ?? null;
      if (refused !== null) return words(refused, true);
      const input = tool.input.safeParse(given);
      if (!input.success) return words(z.prettifyError(input.error), true);
      const signal = AbortSignal.any([mcpReq.signal, AbortSignal.timeout(tool.timeoutMs)]);
      const output = await tool.run(input.data, { ...place, signal });
      return toResult(output, cleanText);
    },
  );
}

/** What cannot be had back. */
const DESTRUCTIVE = /^(?:forget|delete|cancel)/;

/** As models are told it. */
const schemaOf = ({ input }: Tool): Record<string, unknown> =>
  z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Record<string, unknown>;

const words = (text: string, isError: boolean): CallToolResult => ({
  content: [{ type: "text", text }],
  isError,
});

function toResult(
  { text, isError = false, files = [] }: ToolOutput,
  cleanText: (text: string) => string,
): CallToolResult {
  const carried = files
    .slice(0, MAX_FILES)
    .filter(({ content }) => content.length <= MAX_FILE_BYTES);
  return { content: [{ type: "text", text: cleanText(text) }, ...carried.map(toContent)], isError };
}

function toContent({ name, contentType, content }: ToolFile): CallToolResult["content"][number] {
  const data = Buffer.from(content).toString("base64");
  return contentType.startsWith("image/")
    ? { type: "image", data, mimeType: contentType }
    : {
        type: "resource",
        resource: {
          uri: `clara://files/${encodeURIComponent(name)}`,
          mimeType: contentType,
          blob: data,
        },
      };
}

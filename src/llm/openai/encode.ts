import type OpenAI from "openai";
import type { ContentPart, ModelMessage, ModelRequest, ToolCall } from "../../core/model.ts";

type Message = OpenAI.ChatCompletionMessageParam;
type Params = OpenAI.ChatCompletionCreateParamsStreaming;
type TextPart = OpenAI.ChatCompletionContentPartText;

export interface EncodeOptions {
  readonly model: string;
  readonly maxOutputTokens: number;
  readonly dialect: Dialect;
}

/** Where the providers of this interface differ. */
export interface Dialect {
  /** OpenAI's newer models refuse `max_tokens`; other servers know nothing else. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** OpenRouter tells what a call has cost when asked. */
  readonly asksForCost: boolean;
  /** Anthropic's cache marks, which OpenRouter passes on to Claude. */
  readonly cacheMarks: boolean;
}

const CACHE_HERE = { cache_control: { type: "ephemeral" } };

export function encode(
  request: ModelRequest,
  { model, maxOutputTokens, dialect }: EncodeOptions,
): Params {
  const { tools, lastStableMessage } = request;
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    [dialect.maxTokensField]: maxOutputTokens,
    messages: [
      ...encodeSystem(request, dialect),
      ...request.messages.flatMap((message, index) =>
        encodeMessage(message, dialect.cacheMarks && index === lastStableMessage),
      ),
    ],
    ...(tools.length > 0 && {
      tool_choice: request.toolChoice,
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: "function" as const,
        function: { name, description, parameters: { ...inputSchema } },
      })),
    }),
    ...(dialect.asksForCost && { usage: { include: true } }),
  };
}

function encodeSystem({ system }: ModelRequest, { cacheMarks }: Dialect): Message[] {
  const blocks = system.filter(({ text }) => text.trim() !== "");
  if (blocks.length === 0) return [];
  if (!cacheMarks)
    return [{ role: "system", content: blocks.map(({ text }) => text).join("\n\n") }];
  const last = blocks.findLastIndex(({ stable }) => stable);
  const content = blocks.map(({ text }, index) => toTextPart(text, index === last));
  return [{ role: "system", content }];
}

function encodeMessage(message: ModelMessage, isMarked: boolean): Message[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: encodeContent(message.content, isMarked) }];
    case "assistant":
      return encodeAssistant(message.text, message.calls);
    case "tool":
      return message.answers.map(({ callId, text }) => ({
        role: "tool",
        tool_call_id: callId,
        content: text,
      }));
  }
}

/** Plain text where it will do: not every server understands parts. */
function encodeContent(
  content: readonly ContentPart[],
  isMarked: boolean,
): string | OpenAI.ChatCompletionContentPart[] {
  const isPlain = content.every(({ type }) => type === "text");
  if (isPlain && !isMarked)
    return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  return content.map((part, index) => encodePart(part, isMarked && index === content.length - 1));
}

function encodePart(part: ContentPart, isMarked: boolean): OpenAI.ChatCompletionContentPart {
  if (part.type === "text") return toTextPart(part.text, isMarked);
  return { type: "image_url", image_url: { url: `data:${part.mediaType};base64,${part.data}` } };
}

const toTextPart = (text: string, isMarked: boolean): TextPart =>
  // The SDK's types know nothing of the marks, which are OpenRouter's own.
  ({ type: "text", text, ...(isMarked && CACHE_HERE) });

function encodeAssistant(text: string, calls: readonly ToolCall[]): Message[] {
  if (text === "" && calls.length === 0) return [];
  return [
    {
      role: "assistant",
      content: text === "" ? null : text,
      ...(calls.length > 0 && {
        tool_calls: calls.map(({ id, name, input }) => ({
          id,
          type: "function" as const,
          function: { name, arguments: JSON.stringify(input) },
        })),
      }),
    },
  ];
}

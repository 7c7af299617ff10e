import type OpenAI from "openai";
import type { ContentPart, ModelMessage, ModelRequest, ToolCall } from "../../core/model.ts";
import { MIN_TOKENS_TO_THINK } from "../adapter.ts";
import type { Dialect } from "./dialect.ts";
import { readReplay } from "./thoughts.ts";

type Message = OpenAI.ChatCompletionMessageParam;
type Part = OpenAI.ChatCompletionContentPart;
type Params = OpenAI.ChatCompletionCreateParamsStreaming;

export interface EncodeOptions {
  readonly model: string;
  readonly maxOutputTokens: number;
  readonly dialect: Dialect;
}

const CACHE_HERE = { cache_control: { type: "ephemeral" } };

export function encode(
  request: ModelRequest,
  { model, maxOutputTokens, dialect }: EncodeOptions,
): Params {
  const { tools } = request;
  const mayThink =
    maxOutputTokens >= MIN_TOKENS_TO_THINK && (tools.length === 0 || dialect.thinksWithTools);
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    [dialect.maxTokensField]: maxOutputTokens,
    messages: [...encodeSystem(request, dialect), ...encodeMessages(request, dialect)],
    ...(tools.length > 0 && {
      tool_choice: request.toolChoice,
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: "function" as const,
        function: { name, description, parameters: { ...inputSchema } },
      })),
    }),
    ...(dialect.asksForCost && { usage: { include: true } }),
    ...(!mayThink && dialect.unthinking),
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

function encodeMessages(
  { messages, lastStableMessage }: ModelRequest,
  { cacheMarks }: Dialect,
): Message[] {
  const encoded: Message[] = [];
  /** The parts of user messages that follow one another: templates of several models at home want the roles to alternate. */
  let parts: Part[] = [];
  const flush = () => {
    if (parts.length > 0) encoded.push({ role: "user", content: toContent(parts) });
    parts = [];
  };
  for (const [index, message] of messages.entries()) {
    if (message.role === "user") {
      const isMarked = cacheMarks && index === lastStableMessage;
      parts.push(...encodeContent(message.content, isMarked));
      continue;
    }
    const rest = message.role === "tool" ? encodeAnswers(message) : encodeAssistant(message);
    if (rest.length > 0) flush();
    encoded.push(...rest);
  }
  flush();
  return encoded;
}

/** Plain text where it will do: not every server understands parts. */
function toContent(parts: readonly Part[]): string | Part[] {
  const texts = parts.flatMap((part) =>
    part.type === "text" && !("cache_control" in part) ? [part.text] : [],
  );
  return texts.length === parts.length ? texts.join("\n") : [...parts];
}

const encodeContent = (content: readonly ContentPart[], isMarked: boolean): Part[] =>
  content.map((part, index) => encodePart(part, isMarked && index === content.length - 1));

function encodePart(part: ContentPart, isMarked: boolean): Part {
  if (part.type === "text") return toTextPart(part.text, isMarked);
  return { type: "image_url", image_url: { url: `data:${part.mediaType};base64,${part.data}` } };
}

const toTextPart = (text: string, isMarked: boolean): OpenAI.ChatCompletionContentPartText =>
  // The SDK's types know nothing of the marks, which are OpenRouter's own.
  ({ type: "text", text, ...(isMarked && CACHE_HERE) });

const encodeAnswers = ({ answers }: Extract<ModelMessage, { role: "tool" }>): Message[] =>
  answers.map(({ callId, text }) => ({ role: "tool", tool_call_id: callId, content: text }));

function encodeAssistant(message: Extract<ModelMessage, { role: "assistant" }>): Message[] {
  const { text, calls } = message;
  if (text === "" && calls.length === 0) return [];
  const replay = readReplay(message.replay);
  return [
    {
      role: "assistant",
      content: text === "" ? null : text,
      ...replay.message,
      ...(calls.length > 0 && {
        tool_calls: calls.map((call) => encodeCall(call, replay.extras[call.id])),
      }),
    },
  ];
}

const encodeCall = (
  { id, name, input }: ToolCall,
  extra: unknown,
): OpenAI.ChatCompletionMessageFunctionToolCall => ({
  id,
  type: "function",
  function: { name, arguments: JSON.stringify(input) },
  ...(extra !== undefined && { extra_content: extra }),
});

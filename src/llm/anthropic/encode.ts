import type Anthropic from "@anthropic-ai/sdk";
import type {
  ContentPart,
  ModelMessage,
  ModelRequest,
  ToolAnswer,
  ToolCall,
  ToolSpec,
} from "../../core/model.ts";
import { MIN_TOKENS_TO_THINK } from "../adapter.ts";
import { prefixOf } from "./prefix.ts";
import { replay, type ReplayBlock } from "./wire.ts";

type Params = Anthropic.MessageCreateParamsStreaming;
type Block = Anthropic.ContentBlockParam;

/** Anthropic's own minimum. */
const MIN_THINKING_BUDGET = 1_024;
/** Up to four are allowed; we set one on the tools, one on the system text and one on the messages. */
const CACHE_HERE = { cache_control: { type: "ephemeral" } } as const;

export interface EncodeOptions {
  readonly model: string;
  readonly maxOutputTokens: number;
  /** adaptive: the model decides how much. enabled: half of the answer's tokens (older models). null: the model's way. */
  readonly thinking: "adaptive" | "enabled" | null;
  readonly effort: Effort | null;
}

export type Effort = "low" | "medium" | "high" | "xhigh" | "max";

export function encode(request: ModelRequest, options: EncodeOptions): Params {
  const system = encodeSystem(request);
  const tools = encodeTools(request);
  return {
    model: options.model,
    max_tokens: options.maxOutputTokens,
    stream: true,
    messages: encodeMessages(request, options),
    ...(system.length > 0 && { system }),
    ...(tools.length > 0 && { tools, tool_choice: { type: request.toolChoice } }),
    ...(options.maxOutputTokens < MIN_TOKENS_TO_THINK ? unthinking(options) : thinking(options)),
  };
}

function encodeSystem({ system }: ModelRequest): Anthropic.TextBlockParam[] {
  const blocks = system.filter(({ text }) => text.trim() !== "");
  const last = blocks.findLastIndex(({ stable }) => stable);
  return blocks.map(({ text }, index) => ({
    type: "text",
    text,
    ...(index === last && CACHE_HERE),
  }));
}

function encodeTools({ tools, later = [] }: ModelRequest): Anthropic.Tool[] {
  return [
    ...tools.map((tool, index) => ({
      ...encodeTool(tool),
      ...(index === tools.length - 1 && CACHE_HERE),
    })),
    // Not part of what the model reads, nor of what is cached, until an answer names them.
    ...later.map((tool) => ({ ...encodeTool(tool), defer_loading: true })),
  ];
}

const encodeTool = ({ name, description, inputSchema }: ToolSpec): Anthropic.Tool => ({
  name,
  description,
  input_schema: { ...inputSchema, type: "object" as const },
});

function encodeMessages(request: ModelRequest, options: EncodeOptions): Anthropic.MessageParam[] {
  const { messages, lastStableMessage } = request;
  return messages.flatMap((message, index): Anthropic.MessageParam[] => {
    const blocks = encodeMessage(request, message, () => signedBlocks(request, index, options));
    // Anthropic refuses an empty message; the neighbours of a missing one are joined by Anthropic itself.
    if (blocks.length === 0) return [];
    const content = index === lastStableMessage ? withCacheMark(blocks) : blocks;
    return [{ role: message.role === "assistant" ? "assistant" : "user", content }];
  });
}

function encodeMessage(
  request: ModelRequest,
  message: ModelMessage,
  signed: () => readonly ReplayBlock[] | null,
): Block[] {
  switch (message.role) {
    case "user":
      return message.content.flatMap(encodePart);
    case "assistant":
      return encodeAssistant(message, signed());
    case "tool":
      return message.answers.map((answer) => ({
        type: "tool_result",
        tool_use_id: answer.callId,
        content: encodeAnswer(request, answer),
        is_error: answer.isError,
      }));
  }
}

/** Tools that were found are named, and Anthropic puts their descriptions there; such an answer may hold nothing else. */
function encodeAnswer(
  { later = [] }: ModelRequest,
  { text, isError, found = [] }: ToolAnswer,
): Anthropic.ToolResultBlockParam["content"] & {} {
  const named = isError ? [] : later.filter(({ name }) => found.includes(name));
  if (named.length > 0)
    return named.map(({ name }) => ({ type: "tool_reference" as const, tool_name: name }));
  return text.trim() === "" ? "(no output)" : text;
}

function encodePart(part: ContentPart): Block[] {
  if (part.type === "text") return encodeText(part.text);
  const mediaType = part.mediaType as Anthropic.Base64ImageSource["media_type"];
  return [{ type: "image", source: { type: "base64", media_type: mediaType, data: part.data } }];
}

/** Anthropic refuses blocks of nothing but white space. */
const encodeText = (text: string): Block[] => (text.trim() === "" ? [] : [{ type: "text", text }]);

/** What the model thought before it called tools, when it may be said again here; null otherwise. */
function signedBlocks(
  request: ModelRequest,
  index: number,
  { thinking }: EncodeOptions,
): readonly ReplayBlock[] | null {
  const message = request.messages[index];
  const signed = replay.safeParse(message?.role === "assistant" ? message.replay : null);
  if (!signed.success) return null;
  const { prefix, blocks } = signed.data.anthropic;
  // Models with a fixed budget look at nothing but the signature, and refuse a call without the thought before it.
  return thinking === "enabled" || prefix === prefixOf(request, index) ? blocks : null;
}

function encodeAssistant(
  message: Extract<ModelMessage, { role: "assistant" }>,
  blocks: readonly ReplayBlock[] | null,
): Block[] {
  if (!blocks) return [...encodeText(message.text), ...message.calls.map(encodeCall)];
  const isNamed = ({ id }: ToolCall) =>
    blocks.some((block) => block.type === "tool_use" && block.id === id);
  const named = blocks.flatMap((block): Block[] => {
    if (block.type !== "tool_use") return block.type === "text" ? encodeText(block.text) : [block];
    return message.calls.filter(({ id }) => id === block.id).map(encodeCall);
  });
  // A call that got a new id from us is not named in the blocks, and has an answer all the same.
  return [...named, ...message.calls.filter((call) => !isNamed(call)).map(encodeCall)];
}

const encodeCall = ({ id, name, input }: ToolCall): Block => ({
  type: "tool_use",
  id,
  name,
  input,
});

/** On the last block that may have a mark: thoughts may not. */
function withCacheMark(blocks: readonly Block[]): Block[] {
  const last = blocks.findLastIndex(
    ({ type }) => type !== "thinking" && type !== "redacted_thinking",
  );
  return blocks.map((block, index) =>
    index === last ? ({ ...block, ...CACHE_HERE } as Block) : block,
  );
}

type Thinking = Pick<Params, "thinking" | "output_config">;

function thinking({ thinking: wanted, effort, maxOutputTokens }: EncodeOptions): Thinking {
  const budget = Math.max(MIN_THINKING_BUDGET, Math.floor(maxOutputTokens / 2));
  return {
    ...(wanted === "adaptive" && { thinking: { type: "adaptive" } }),
    ...(wanted === "enabled" && { thinking: { type: "enabled", budget_tokens: budget } }),
    ...(effort && { output_config: { effort } }),
  };
}

/** Of the models that think unasked, Opus 5.5 and Fable cannot be stopped, and Sonnet 5.5 has its own word for it. */
function unthinking({ model }: EncodeOptions): Thinking {
  if (model.startsWith("claude-sonnet-5-5")) return { thinking: { type: "between_tools" } };
  const thinksUnasked = /^claude-(?:haiku-5-5|(?:sonnet|opus)-5(?!-5))/.test(model);
  return thinksUnasked ? { thinking: { type: "disabled" } } : {};
}

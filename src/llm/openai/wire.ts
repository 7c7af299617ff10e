import { z } from "zod";

/**
 * What a stream of chat completions holds that we read. Loose: a dozen providers speak this language, each a little
 * differently. https://platform.openai.com/docs/api-reference/chat-streaming
 */
const tokens = z.number().nullish().catch(null);

const textPart = z.looseObject({ type: z.string().nullish(), text: z.string().nullish() });

const toolDelta = z.looseObject({
  index: z.int().nullish().catch(null),
  id: z.string().nullish(),
  function: z
    .looseObject({
      name: z.string().nullish(),
      /** Text in pieces; some servers send the object itself. */
      arguments: z.unknown(),
    })
    .nullish(),
});

const delta = z.looseObject({
  /** Mistral sends parts. */
  content: z.union([z.string(), z.array(textPart)]).nullish(),
  /** OpenRouter, vLLM. */
  reasoning: z.string().nullish().catch(null),
  /** DeepSeek, Moonshot. */
  reasoning_content: z.string().nullish().catch(null),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolDelta).nullish(),
});

const usage = z.looseObject({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  prompt_tokens_details: z
    .looseObject({ cached_tokens: tokens, cache_write_tokens: tokens })
    .nullish()
    .catch(null),
  /** OpenRouter's own figure, in dollars. */
  cost: tokens,
});

export const wireChunk = z.looseObject({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z
    .array(z.looseObject({ delta: delta.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: usage.nullish().catch(null),
});

export type WireDelta = z.infer<typeof delta>;
export type WireToolDelta = z.infer<typeof toolDelta>;
export type WireUsage = z.infer<typeof usage>;

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
      arguments: z.unknown().optional(),
    })
    .nullish(),
  /** Gemini's signature of the thought behind the call. */
  extra_content: z.unknown().optional(),
});

const reasoningDetail = z.looseObject({
  type: z.string().nullish(),
  index: z.number().nullish(),
});

const delta = z.looseObject({
  /** Mistral sends parts. */
  content: z.union([z.string(), z.array(textPart)]).nullish(),
  /** OpenRouter, vLLM. */
  reasoning: z.string().nullish().catch(null),
  /** DeepSeek, Moonshot. */
  reasoning_content: z.string().nullish().catch(null),
  /** OpenRouter: thoughts in pieces, some of them signed or encrypted. */
  reasoning_details: z.array(reasoningDetail).nullish().catch(null),
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
  /** With a key of the operator's own at the provider behind OpenRouter, that provider's bill comes on top. */
  is_byok: z.boolean().nullish().catch(null),
  cost_details: z.looseObject({ upstream_inference_cost: tokens }).nullish().catch(null),
});

export const wireChunk = z.looseObject({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z
    .array(z.looseObject({ delta: delta.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: usage.nullish().catch(null),
});

/** What is said again with the calls of an answer in the next request. */
export const replay = z.looseObject({
  openai: z.object({
    message: z.object({
      reasoning_details: z.array(reasoningDetail).optional(),
      reasoning_content: z.string().optional(),
    }),
    /** By the id of the call. */
    extras: z.record(z.string(), z.unknown()),
  }),
});

export type WireReplay = z.infer<typeof replay>["openai"];
export type WireReasoning = z.infer<typeof reasoningDetail>;
export type WireDelta = z.infer<typeof delta>;
export type WireToolDelta = z.infer<typeof toolDelta>;
export type WireUsage = z.infer<typeof usage>;

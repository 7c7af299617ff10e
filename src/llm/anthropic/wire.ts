import { z } from "zod";

/**
 * What Anthropic's stream holds that we read; loose, as proxies leave things out and new events come every month.
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */
const tokens = z.number().nullish().catch(null);

const usage = z.looseObject({
  input_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  output_tokens: tokens,
});

export type WireUsage = z.infer<typeof usage>;

/** What is said again in the next request, so that the model finds its own signed thoughts unchanged. */
const replayBlock = z.union([
  z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal("redacted_thinking"), data: z.string() }),
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("tool_use"), id: z.string() }),
]);

export type ReplayBlock = z.infer<typeof replayBlock>;

export const replay = z.looseObject({
  anthropic: z.object({ prefix: z.string(), blocks: z.array(replayBlock) }),
});

const contentBlock = z.looseObject({
  type: z.string(),
  text: z.string().nullish(),
  thinking: z.string().nullish(),
  signature: z.string().nullish(),
  data: z.string().nullish(),
  id: z.string().nullish(),
  name: z.string().nullish(),
  input: z.unknown().optional(),
});

const delta = z.looseObject({
  type: z.string(),
  text: z.string().nullish(),
  thinking: z.string().nullish(),
  signature: z.string().nullish(),
  partial_json: z.string().nullish(),
});

const known = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("message_start"),
    message: z.looseObject({
      id: z.string().nullish(),
      model: z.string().nullish(),
      usage: usage.nullish(),
    }),
  }),
  z.looseObject({
    type: z.literal("content_block_start"),
    index: z.int(),
    content_block: contentBlock,
  }),
  z.looseObject({ type: z.literal("content_block_delta"), index: z.int(), delta }),
  z.looseObject({
    type: z.literal("message_delta"),
    delta: z.looseObject({ stop_reason: z.string().nullish() }),
    usage: usage.nullish(),
  }),
]);

export type WireEvent = z.infer<typeof known>;

const KNOWN_TYPES: ReadonlySet<string> = new Set(
  known.options.map((option) => option.shape.type.value),
);

/** null for an event that we have no use for. Throws SyntaxError when one that we need is malformed. */
export function readEvent(event: unknown): WireEvent | null {
  const { success, data, error } = known.safeParse(event);
  if (success) return data;
  const type = z.looseObject({ type: z.string() }).safeParse(event).data?.type ?? "";
  if (!KNOWN_TYPES.has(type)) return null;
  throw new SyntaxError(`a malformed ${type} event`, { cause: error });
}

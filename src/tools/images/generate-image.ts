import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import type { Ledger } from "../../core/stores.ts";
import type { ConversationId } from "../../core/ids.ts";
import type { Scope } from "../../core/principal.ts";
import { defineTool, type ToolOutput } from "../../core/tool.ts";

export interface ImageOptions {
  /** Without a slash at its end, for example `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  /** US dollars for one image; null when nobody said. */
  readonly imageUsd: number | null;
}

export interface ImageDeps {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, "charge">;
  /** True while no budget is reached. */
  readonly allow: (scope: Scope, conversation: ConversationId) => Promise<boolean>;
}

const MAX_PROMPT_CHARS = 4_000;
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;
/** Base64 takes four characters for three bytes; the rest is JSON. */
const MAX_BODY_BYTES = Math.ceil((MAX_IMAGE_BYTES * 4) / 3) + 64 * 1024;
const TIMEOUT_MS = 180_000;
const SIZES = { square: "1024x1024", wide: "1536x1024", tall: "1024x1536" } as const;

const answer = z.looseObject({
  data: z
    .array(z.looseObject({ b64_json: z.base64().nullish(), url: z.string().nullish() }))
    .min(1),
});

/** By the images interface that OpenAI and many others have. */
export const generateImage = (deps: ImageDeps, options: ImageOptions) =>
  defineTool({
    name: "generate_image",
    description:
      "Make a picture from a description. It is shown with your answer by itself: do not link to it. Costs money: only when the person asks for a picture.",
    label: "Making a picture",
    effect: "write",
    timeoutMs: TIMEOUT_MS,
    ...(options.imageUsd !== null && { cost: `about $${options.imageUsd}` }),
    input: z.object({
      prompt: z
        .string()
        .trim()
        .min(1)
        .max(MAX_PROMPT_CHARS)
        .describe("What is to be seen, in detail"),
      shape: z.enum(["square", "wide", "tall"]).default("square"),
    }),
    explain: ({ prompt }) => ({
      what: "Make a picture",
      target: prompt,
      reversible: true,
    }),
    async run({ prompt, shape }, { scope, conversationId, signal }) {
      if (!(await deps.allow(scope, conversationId)))
        return { text: "A budget of today is spent: no pictures until tomorrow.", isError: true };
      const made = await ask(deps, options, { prompt, size: SIZES[shape] }, signal);
      if (typeof made === "string") return { text: made, isError: true };
      await charge(deps, options, scope, conversationId);
      const stamp = deps.clock.now().toISOString().slice(0, 19).replace(/[:T]/g, "-");
      const { extension, contentType } = kindOf(made);
      const name = `picture-${stamp}.${extension}`;
      const output: ToolOutput = {
        text: `The picture ${name} is made and is shown with your answer.`,
        files: [{ name, contentType, content: made }],
      };
      return output;
    },
  });

/** The picture, or words that say why there is none. Never the provider's own words, which may quote the key. */
async function ask(
  { fetch }: ImageDeps,
  { baseUrl, apiKey, model }: ImageOptions,
  wanted: { readonly prompt: string; readonly size: string },
  signal: AbortSignal,
): Promise<Uint8Array | string> {
  const response = await fetch(`${baseUrl}/images/generations`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      n: 1,
      ...wanted,
      ...(isOlder(model) && { response_format: "b64_json" }),
    }),
    redirect: "error",
    signal,
  });
  const body = await readBounded(response);
  if (response.status === 400)
    return "The picture service does not take this description. Put it another way.";
  if (response.status === 429)
    return "The picture service asks to slow down. Try again in a minute.";
  if (!response.ok) return `The picture service does not work now (status ${response.status}).`;
  if (body === null) return "The picture is too large.";
  const parsed = answer.safeParse(parseJson(body));
  const data = parsed.data?.data[0]?.b64_json;
  if (data == null) return "The picture service gave no picture.";
  const bytes = Buffer.from(data, "base64");
  return bytes.length > MAX_IMAGE_BYTES || kindOf(bytes).extension === "bin"
    ? "The picture service gave something that is no picture."
    : bytes;
}

/** Newer ones give the bytes in any case and refuse the word. */
const isOlder = (model: string): boolean => /dall-e|flux|stable|sdxl/i.test(model);

async function readBounded(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // An error page.
  }
}

/** By what the bytes are, not by what was said. */
function kindOf(bytes: Uint8Array): { readonly extension: string; readonly contentType: string } {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (head.startsWith("\u0089PNG")) return { extension: "png", contentType: "image/png" };
  if (head.startsWith("\u00ff\u00d8\u00ff")) return { extension: "jpg", contentType: "image/jpeg" };
  if (head.startsWith("RIFF") && head.endsWith("WEBP"))
    return { extension: "webp", contentType: "image/webp" };
  return { extension: "bin", contentType: "application/octet-stream" };
}

const NO_TOKENS = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

function charge(
  { ledger }: ImageDeps,
  { model, imageUsd }: ImageOptions,
  scope: Scope,
  conversation: ConversationId,
): Promise<void> {
  const usage = { ...NO_TOKENS, costUsd: imageUsd, estimated: true };
  const cost = { provider: "images", model, usage };
  return ledger.charge(scope, conversation, { purpose: "image", turnId: null, cost });
}

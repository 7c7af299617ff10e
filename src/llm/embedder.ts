import { z } from "zod";
import type { Embedder } from "../core/embedder.ts";

/** Texts of one request. */
const MAX_BATCH = 64;
const MAX_TEXT_CHARS = 8_000;
/** Vectors of texts that come again, such as a question that is asked once more; 6 KB each. */
const MAX_CACHED = 500;
const TIMEOUT_MS = 20_000;

export interface EmbedderOptions {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly model: string;
  /** Asked for, and checked; null: as many as the model gives. */
  readonly dimensions: number | null;
}

const answer = z.looseObject({
  data: z.array(z.looseObject({ index: z.int().nullish(), embedding: z.array(z.number()).min(1) })),
});

/** Any server that speaks OpenAI's embeddings. https://platform.openai.com/docs/api-reference/embeddings */
export function createEmbedder(
  { fetch }: { readonly fetch: typeof globalThis.fetch },
  { baseUrl, apiKey, model, dimensions }: EmbedderOptions,
): Embedder {
  const url = `${baseUrl.replace(/\/+$/, "")}/embeddings`;
  const cache = new Map<string, Float32Array>();

  async function ask(texts: readonly string[], signal: AbortSignal): Promise<void> {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({
        model,
        input: texts,
        encoding_format: "float",
        ...(dimensions === null ? {} : { dimensions }),
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok)
      throw new Error(
        `The embedding server answered ${response.status}. Check OPENAI_API_KEY, OPENAI_BASE_URL and EMBEDDING_MODEL.`,
      );
    const parsed = answer.safeParse(await response.json());
    if (!parsed.success || parsed.data.data.length !== texts.length)
      throw new Error("The embedding server answered with something else than one vector a text.");
    for (const [position, { index, embedding }] of parsed.data.data.entries()) {
      const text = texts[index ?? position];
      if (text !== undefined) keep(text, toUnit(checked(embedding)));
    }
  }

  function checked(vector: readonly number[]): readonly number[] {
    if (dimensions === null || vector.length === dimensions) return vector;
    throw new Error(
      `${model} gives vectors of ${vector.length} numbers, and EMBEDDING_MODEL_DIMS says ${dimensions}. Make them the same, or leave it out.`,
    );
  }

  function keep(text: string, vector: Float32Array): void {
    cache.set(text, vector);
    const [oldest] = cache.keys();
    if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  }

  return {
    name: `${model}${dimensions === null ? "" : `/${dimensions}`}`,
    async embed(given, signal) {
      const texts = given.map((text) => text.toWellFormed().slice(0, MAX_TEXT_CHARS) || " ");
      const found: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += MAX_BATCH) {
        const batch = texts.slice(from, from + MAX_BATCH);
        const missing = [...new Set(batch.filter((text) => !cache.has(text)))];
        if (missing.length > 0) await ask(missing, signal);
        found.push(
          ...batch.map((text) => {
            const vector = cache.get(text);
            if (!vector) throw new Error("The embedding server left out a text.");
            return vector;
          }),
        );
      }
      return found;
    },
  };
}

function toUnit(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (each) => each / length);
}

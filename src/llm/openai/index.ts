import OpenAI from "openai";
import type { Model } from "../../core/model.ts";
import { callProvider, type AdapterOptions } from "../adapter.ts";
import { decode } from "./decode.ts";
import { encode, type Dialect } from "./encode.ts";

export interface OpenAiOptions extends AdapterOptions {
  /** `openai`, `openrouter`, `nanogpt` or what the operator calls a server of their own. */
  readonly provider: string;
  /** Sent with every call, for example what Cloudflare Access asks for. May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Any model behind OpenAI's chat completions: OpenAI, OpenRouter, NanoGPT, Ollama, vLLM, LM Studio. */
export function createOpenAiModel(options: OpenAiOptions): Model {
  const { provider, model, apiKey, baseUrl, headers, timeouts, price, createId } = options;
  const dialect = dialectOf(options);
  return {
    name: `${provider}/${model}`,
    contextTokens: options.contextTokens,
    stream: (request) =>
      callProvider(
        { ...options, secrets: secretsIn(headers), request },
        async function* ({ fetch, signal }) {
          const client = new OpenAI({
            // Servers at home often have no key, but the SDK wants one.
            apiKey: apiKey || "none",
            baseURL: baseUrl,
            // Otherwise the SDK takes these from the environment.
            organization: null,
            project: null,
            adminAPIKey: null,
            defaultHeaders: { ...headers },
            fetch,
            timeout: timeouts.totalMs,
            maxRetries: 0,
            logLevel: "off",
          });
          const maxOutputTokens = Math.min(
            request.maxOutputTokens,
            price?.maxOutputTokens ?? Infinity,
          );
          const body = encode(request, { model, maxOutputTokens, dialect });
          const chunks = await client.chat.completions.create(body, { signal });
          yield* decode(chunks, { request, provider, model, price, createId });
        },
      ),
  };
}

/** A title or a referer is no secret, and may be a word that stands in any error. */
const secretsIn = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    /secret|token|key|auth|client-id|cookie/i.test(name) ? [value] : [],
  );

function dialectOf({ provider, baseUrl, model }: OpenAiOptions): Dialect {
  const isOpenRouter = provider === "openrouter";
  return {
    maxTokensField:
      new URL(baseUrl).hostname === "api.openai.com" ? "max_completion_tokens" : "max_tokens",
    asksForCost: isOpenRouter,
    cacheMarks: isOpenRouter && model.startsWith("anthropic/"),
  };
}

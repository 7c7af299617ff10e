import type { Model } from "../../core/model.ts";
import { callProvider, outputLimit, USER_AGENT, type AdapterOptions } from "../adapter.ts";
import { decode } from "./decode.ts";
import { dialectOf } from "./dialect.ts";
import { encode } from "./encode.ts";

export interface OpenAiOptions extends AdapterOptions {
  /** `openai`, `openrouter`, `nanogpt` or what the operator calls a server of their own. */
  readonly provider: string;
}

/** Any model behind OpenAI's chat completions: OpenAI, OpenRouter, NanoGPT, Ollama, vLLM, LM Studio. */
export function createOpenAiModel(options: OpenAiOptions): Model {
  const { provider, model, apiKey, baseUrl, headers, timeouts, price, createId } = options;
  const dialect = dialectOf(options);
  // Nobody loads the SDK of a provider that is not used, and nobody waits for it when the first question comes.
  const sdk = import("openai");
  return {
    name: `${provider}/${model}`,
    contextTokens: options.contextTokens,
    stream: (request) =>
      callProvider({ ...options, request }, async function* ({ fetch, signal }) {
        const { OpenAI } = await sdk;
        const client = new OpenAI({
          // Servers at home often have no key, but the SDK wants one.
          apiKey: apiKey || "none",
          baseURL: baseUrl,
          // Otherwise the SDK takes these from the environment.
          organization: null,
          project: null,
          adminAPIKey: null,
          defaultHeaders: { ...USER_AGENT, ...headers },
          fetch,
          timeout: timeouts.totalMs,
          maxRetries: 0,
          logLevel: "off",
        });
        const maxOutputTokens = outputLimit(request, price);
        const body = encode(request, { model, maxOutputTokens, dialect });
        const chunks = await client.chat.completions.create(body, { signal });
        yield* decode(chunks, { request, provider, model, price, createId });
      }),
  };
}

import type { Model } from "../../core/model.ts";
import { callProvider, outputLimit, USER_AGENT, type AdapterOptions } from "../adapter.ts";
import { decode } from "./decode.ts";
import { encode, type Effort } from "./encode.ts";

export interface AnthropicOptions extends AdapterOptions {
  readonly thinking: "adaptive" | "enabled" | null;
  readonly effort: Effort | null;
}

export type { Effort };

/** Claude by Anthropic's own interface, or by a proxy that speaks it. */
export function createAnthropicModel(options: AnthropicOptions): Model {
  const { model, apiKey, baseUrl, headers, timeouts, price, createId } = options;
  // As in ../openai: only where it is used, and before it is needed.
  const sdk = import("@anthropic-ai/sdk");
  return {
    name: `anthropic/${model}`,
    contextTokens: options.contextTokens,
    stream: (request) =>
      callProvider(
        { ...options, provider: "anthropic", request },
        async function* ({ fetch, signal }) {
          const { Anthropic } = await sdk;
          const client = new Anthropic({
            apiKey,
            baseURL: baseUrl,
            defaultHeaders: { ...USER_AGENT, ...keyForProxy(options), ...headers },
            fetch,
            timeout: timeouts.totalMs,
            maxRetries: 0,
            // The SDK logs a stream that it cannot read, words and all.
            logLevel: "off",
            openTelemetry: false,
          });
          const body = encode(request, {
            ...options,
            maxOutputTokens: outputLimit(request, price),
          });
          const events = await client.messages.create(body, { signal });
          yield* decode(events, { request, model, price, createId });
        },
      ),
  };
}

/** The SDK sends the key as a bearer token, which is new; proxies may still look for it where it used to be. */
const keyForProxy = ({ baseUrl, apiKey }: AnthropicOptions): Readonly<Record<string, string>> =>
  new URL(baseUrl).hostname === "api.anthropic.com" ? {} : { "x-api-key": apiKey };

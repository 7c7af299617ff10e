import Anthropic from "@anthropic-ai/sdk";
import type { Model } from "../../core/model.ts";
import { callProvider, type AdapterOptions } from "../adapter.ts";
import { decode } from "./decode.ts";
import { encode, type Effort } from "./encode.ts";

export interface AnthropicOptions extends AdapterOptions {
  readonly thinking: "adaptive" | "enabled" | null;
  readonly effort: Effort | null;
}

export type { Effort };

/** Claude by Anthropic's own interface, or by a proxy that speaks it. */
export function createAnthropicModel(options: AnthropicOptions): Model {
  const { model, apiKey, baseUrl, timeouts, price, createId } = options;
  return {
    name: `anthropic/${model}`,
    contextTokens: options.contextTokens,
    stream: (request) =>
      callProvider(
        { ...options, provider: "anthropic", request },
        async function* ({ fetch, signal }) {
          const client = new Anthropic({
            apiKey,
            baseURL: baseUrl,
            fetch,
            timeout: timeouts.totalMs,
            maxRetries: 0,
            // The SDK logs a stream that it cannot read, words and all.
            logLevel: "off",
            openTelemetry: false,
          });
          const maxOutputTokens = Math.min(
            request.maxOutputTokens,
            price?.maxOutputTokens ?? Infinity,
          );
          const body = encode(request, { ...options, maxOutputTokens });
          yield* decode(await client.messages.create(body, { signal }), {
            request,
            model,
            price,
            createId,
          });
        },
      ),
  };
}

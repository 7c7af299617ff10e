import type { Model, ModelRequest } from "../../core/model.ts";
import { callProvider, outputLimit, USER_AGENT, type AdapterOptions } from "../adapter.ts";
import { decode } from "./decode.ts";
import { encode, type Effort } from "./encode.ts";

export interface AnthropicOptions extends AdapterOptions {
  readonly thinking: "adaptive" | "enabled" | null;
  readonly effort: Effort | null;
  /** True where the interface loads tools by name; false for proxies, and for models that cannot. */
  readonly loadsTools: boolean;
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
    stream: (given) => {
      const request = withLater(given, options);
      return callProvider(
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
      );
    },
  };
}

/** Opus and Sonnet since 4.5, and all of the generations behind. https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool */
const LOADS_TOOLS = /^claude-(?:(?:opus|sonnet)-4-[5-9]|[a-z]+-[5-9])/;

export const canLoadTools = ({ model, baseUrl }: Pick<AdapterOptions, "model" | "baseUrl">) =>
  new URL(baseUrl).hostname === "api.anthropic.com" && LOADS_TOOLS.test(model);

/** What is loaded by its name stays out of `tools`: these are the same in every step then, and so stay cached. */
function withLater(request: ModelRequest, { loadsTools }: AnthropicOptions): ModelRequest {
  const { later = [], ...rest } = request;
  if (!loadsTools || later.length === 0) return rest;
  const names = new Set(later.map(({ name }) => name));
  return { ...rest, later, tools: rest.tools.filter(({ name }) => !names.has(name)) };
}

/** The SDK sends the key as a bearer token, which is new; proxies may still look for it where it used to be. */
const keyForProxy = ({ baseUrl, apiKey }: AnthropicOptions): Readonly<Record<string, string>> =>
  new URL(baseUrl).hostname === "api.anthropic.com" ? {} : { "x-api-key": apiKey };

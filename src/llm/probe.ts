import type { Clock } from "../core/clock.ts";
import { ModelError, type Model, type ModelErrorKind } from "../core/model.ts";
import { MIN_TOKENS_TO_THINK } from "./adapter.ts";

/** Offered in vain: some models, and servers without the right switch, refuse any request with tools. */
const NO_TOOL = {
  name: "do_nothing",
  description: "Does nothing. Never call it.",
  inputSchema: { type: "object", properties: {} },
};

export type Probe =
  | { readonly ok: true; readonly elapsedMs: number }
  /** `advice` says what the operator can do. */
  | { readonly ok: false; readonly kind: ModelErrorKind; readonly advice: string };

const ADVICE: Readonly<Record<ModelErrorKind, string>> = {
  overloaded: "The provider is overloaded. Wait a little, or name a second one in LLM_FALLBACK.",
  "rate-limited":
    "The provider's rate limit is reached. Wait, or ask the provider for a higher one.",
  timeout: "The provider did not answer in time. Is the base URL right, and is the model loaded?",
  network: "There is no connection to the provider. Check the base URL, the network and any proxy.",
  "broken-stream":
    "What came back is not a stream of a model's words. The base URL probably leads to a web page.",
  auth: "The provider does not accept the key. Make a new one and set it again.",
  "no-credit": "The account has no credit left. Add some on the provider's billing page.",
  "not-found":
    "There is no such model, or no such address. Check the model's name and the base URL.",
  "context-too-long": "The model's window is too small even for a few words. Choose another model.",
  "bad-request":
    "The provider refused the request. Check that the model can chat and use tools, and its thinking and effort settings.",
  unknown: "The provider failed in a way that Clara does not know. The log has its words.",
};

/** One cheap live call, for `clara doctor`: of a model without fallbacks, which would hide its failure. Throws only the signal's own reason. */
export async function probe(
  model: Model,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Probe> {
  const startedAt = clock.elapsedMs();
  const events = model.stream({
    system: [],
    messages: [{ role: "user", content: [{ type: "text", text: "Say ok." }] }],
    lastStableMessage: -1,
    tools: [NO_TOOL],
    toolChoice: "auto",
    // With fewer the settings for thinking would not be tried.
    maxOutputTokens: MIN_TOKENS_TO_THINK,
    signal,
  });
  try {
    for await (const _ of events); // Only its end matters.
    return { ok: true, elapsedMs: Math.round(clock.elapsedMs() - startedAt) };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { ok: false, kind: error.kind, advice: ADVICE[error.kind] };
  }
}

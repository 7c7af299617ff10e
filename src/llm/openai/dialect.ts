/** Where the providers of this interface differ. */
export interface Dialect {
  /** OpenAI's newer models refuse `max_tokens`; other servers know nothing else. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** OpenRouter tells what a call has cost when asked. */
  readonly asksForCost: boolean;
  /** Anthropic's cache marks, which OpenRouter passes on to Claude. */
  readonly cacheMarks: boolean;
  /** What keeps a model from thinking that does so unasked; empty for others, and where it is not known. */
  readonly unthinking: Readonly<Record<string, unknown>>;
  /** OpenAI refuses tools to models that think, in this interface. */
  readonly thinksWithTools: boolean;
}

export function dialectOf({
  provider,
  baseUrl,
  model,
}: {
  readonly provider: string;
  readonly baseUrl: string;
  readonly model: string;
}): Dialect {
  const isOpenAi = new URL(baseUrl).hostname === "api.openai.com";
  const isOpenRouter = provider === "openrouter";
  return {
    maxTokensField: isOpenAi ? "max_completion_tokens" : "max_tokens",
    asksForCost: isOpenRouter,
    cacheMarks: isOpenRouter && model.startsWith("anthropic/"),
    unthinking: unthinkingOf({ isOpenAi, isOpenRouter, model }),
    thinksWithTools: !isOpenAi,
  };
}

const GPT_THAT_THINKS = /(?:^|\/)gpt-(?:5\.[4-9]|[6-9])/;
/** The others of its kind cannot be stopped. */
const CLAUDE_THAT_CAN_BE_STOPPED = /(?:^|\/)claude-(?:haiku|sonnet)-5\.5/;

function unthinkingOf({
  isOpenAi,
  isOpenRouter,
  model,
}: {
  readonly isOpenAi: boolean;
  readonly isOpenRouter: boolean;
  readonly model: string;
}): Dialect["unthinking"] {
  if (isOpenAi && GPT_THAT_THINKS.test(model)) return { reasoning_effort: "none" };
  const canBeStopped = GPT_THAT_THINKS.test(model) || CLAUDE_THAT_CAN_BE_STOPPED.test(model);
  return isOpenRouter && canBeStopped ? { reasoning: { effort: "none" } } : {};
}

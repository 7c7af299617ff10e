import { readFileSync } from "node:fs";
import type { Model, Tier, Usage } from "../core/model.ts";

const PROMPT = readFileSync(new URL("auto-tier.md", import.meta.url), "utf8");

const TIMEOUT_MS = 3_000;
const MAX_OUTPUT_TOKENS = 5;
const MAX_TEXT_CHARS = 500;
const MAX_RECENT = 4;
const MAX_RECENT_CHARS = 200;
const MAX_SMALL_TALK_CHARS = 40;

/** A greeting, thanks or a nod, and nothing after it but punctuation, emoji or a name. */
const SMALL_TALK =
  /^(?:hi|hello|hey|yo|hiya|good (?:morning|afternoon|evening|night)|thanks?|thank you|thx|ty|ok|okay|cool|nice|great|lol|haha|bye|see you|gn|gm|how are you|what's up|sup)(?:[\s,]+(?:there|you|so|much|very|a|lot|all|everyone|clara|again))*[\s\p{P}\p{S}]*$/iu;

const ANSWER = /\b(low|mid|high)\b/i;

export interface ChosenTier {
  readonly tier: Tier;
  /** null when no call was made, or it failed. */
  readonly usage: Usage | null;
  readonly by: "rule" | "model" | "default";
}

/** How capable a model a message needs, by a rule or by one tiny call of `model`, the low one. In doubt, mid. */
export async function chooseTier(
  model: Model,
  message: { readonly text: string; readonly recent: readonly string[] },
  signal: AbortSignal,
): Promise<ChosenTier> {
  const text = message.text.trim();
  if (text.length <= MAX_SMALL_TALK_CHARS && SMALL_TALK.test(text)) {
    return { tier: "low", usage: null, by: "rule" };
  }
  try {
    const { answer, usage } = await ask(model, describe(message), signal);
    const tier = ANSWER.exec(answer)?.[1]?.toLowerCase() as Tier | undefined;
    return tier ? { tier, usage, by: "model" } : { tier: "mid", usage, by: "default" };
  } catch {
    // A failed guess must not cost the person the answer; the turn will meet the same failure itself if it lasts.
    signal.throwIfAborted();
    return { tier: "mid", usage: null, by: "default" };
  }
}

async function ask(
  model: Model,
  question: string,
  signal: AbortSignal,
): Promise<{ answer: string; usage: Usage | null }> {
  const events = model.stream({
    system: [{ text: PROMPT, stable: true }],
    messages: [{ role: "user", content: [{ type: "text", text: question }] }],
    lastStableMessage: -1,
    tools: [],
    toolChoice: "none",
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  let answer = "";
  let usage: Usage | null = null;
  for await (const event of events) {
    if (event.type === "text-delta") answer += event.text;
    if (event.type === "end") usage = event.usage;
  }
  return { answer, usage };
}

function describe({
  text,
  recent,
}: {
  readonly text: string;
  readonly recent: readonly string[];
}): string {
  const before = recent.slice(-MAX_RECENT).map((line) => line.slice(0, MAX_RECENT_CHARS));
  return ["Before:", ...before, "Message:", text.slice(0, MAX_TEXT_CHARS)].join("\n");
}

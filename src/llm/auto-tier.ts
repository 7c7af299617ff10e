import { readFileSync } from "node:fs";
import type { Model, ModelRequest, Tier } from "../core/model.ts";
import type { StepCost } from "../core/turn.ts";

const PROMPT = readFileSync(new URL("auto-tier.md", import.meta.url), "utf8");

const TIMEOUT_MS = 3_000;
/** One word, and room for the thoughts of models that cannot be kept from thinking. */
const MAX_OUTPUT_TOKENS = 256;
const MAX_TEXT_CHARS = 500;
const MAX_RECENT = 4;
const MAX_RECENT_CHARS = 200;
const MAX_SMALL_TALK_CHARS = 40;

/** A greeting or thanks, and nothing after it but punctuation, emoji or a name. No nod: it may mean "go ahead". */
const SMALL_TALK =
  /^(?:hi|hello|hey|yo|hiya|good (?:morning|afternoon|evening|night)|thanks?|thank you|thx|ty|cool|nice|great|lol|haha|bye|see you|gn|gm|how are you|what's up|sup|hallo|moin|hola|bonjour|salut|ciao|danke|merci|gracias)(?:[\s,]+(?:there|you|so|much|very|a|lot|all|everyone|clara|again))*[\s\p{P}\p{S}]*$/iu;

const ANSWER = /\b(low|mid|high)\b/i;

export interface Question {
  readonly text: string;
  /** What was said before, oldest first. */
  readonly recent: readonly string[];
}

export interface ChosenTier {
  readonly tier: Tier;
  /** null when no call was made, or it failed. */
  readonly cost: StepCost | null;
  readonly by: "rule" | "model" | "default";
}

/** True for a plain greeting or thanks: the cheapest model will do, and nobody has to be asked. */
export const isSmallTalk = (text: string): boolean =>
  text.trim().length <= MAX_SMALL_TALK_CHARS && SMALL_TALK.test(text.trim());

/**
 * How capable a model a message needs, by a rule or by one tiny call of `model`, the low one. In doubt, and when no
 * answer came within `timeoutMs`, mid. Throws only the signal's own reason.
 */
export async function chooseTier(
  model: Model,
  question: Question,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<ChosenTier> {
  if (isSmallTalk(question.text)) return { tier: "low", cost: null, by: "rule" };
  try {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { answer, cost } = await ask(model, toRequest(question, soon));
    const tier = ANSWER.exec(answer)?.[1]?.toLowerCase() as Tier | undefined;
    return tier ? { tier, cost, by: "model" } : { tier: "mid", cost, by: "default" };
  } catch {
    // A failed guess must not cost the person the answer; the turn will meet the same failure itself if it lasts.
    signal.throwIfAborted();
    return { tier: "mid", cost: null, by: "default" };
  }
}

async function ask(
  model: Model,
  request: ModelRequest,
): Promise<{ readonly answer: string; readonly cost: StepCost | null }> {
  let source = { provider: "", model: model.name };
  let answer = "";
  let cost: StepCost | null = null;
  for await (const event of model.stream(request)) {
    if (event.type === "start") source = { provider: event.provider, model: event.model };
    if (event.type === "text-delta") answer += event.text;
    if (event.type === "end") cost = { ...source, usage: event.usage };
  }
  return { answer, cost };
}

function toRequest({ text, recent }: Question, signal: AbortSignal): ModelRequest {
  const before = recent.slice(-MAX_RECENT).map((line) => line.slice(0, MAX_RECENT_CHARS));
  const words = ["Before:", ...before, "Message:", text.slice(0, MAX_TEXT_CHARS)].join("\n");
  return {
    system: [{ text: PROMPT, stable: true }],
    messages: [{ role: "user", content: [{ type: "text", text: words }] }],
    lastStableMessage: -1,
    tools: [],
    toolChoice: "none",
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    signal,
  };
}

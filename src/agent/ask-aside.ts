import type { Acquaintances, Aside, Asker, AsideQuestion, BudgetsLeft } from "../core/asker.ts";
import type { UserId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Model, ModelRequest, Models, StopReason } from "../core/model.ts";
import { ModelError } from "../core/model.ts";
import type { Ledger } from "../core/stores.ts";
import type { StepCost } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { estimateInput, estimateUsd } from "./estimate.ts";
import type { OwnSettings } from "./own-settings.ts";
import { saneUsage } from "./usage.ts";

/** Questions aside that one person has under way: their costs are not booked before they are known. */
const MAX_PER_PERSON = 1;
/** Of all people together. */
const MAX_AT_ONCE = 8;
const MAX_OUTPUT_TOKENS = 1_200;
/** Of the text, whatever the model's window. */
const MAX_CHARS = 60_000;

interface Deps {
  readonly models: Models;
  readonly budgetsLeft: BudgetsLeft;
  readonly ledger: Pick<Ledger, "charge">;
  readonly acquaintances: Acquaintances;
  readonly ownSettings: Pick<OwnSettings, "of">;
  readonly log: Log;
}

/** See core/asker.ts. `isAble` is the caller's to know, and may change: a key may be entered while she runs. */
export function createAsker(deps: Deps, { isAble }: { readonly isAble: () => boolean }): Asker {
  const running = new Map<UserId, number>();
  let all = 0;

  return {
    get isAble() {
      return isAble();
    },
    maxChars: MAX_CHARS,
    async ask(question) {
      const { userId } = question.scope.principal;
      const own = running.get(userId) ?? 0;
      if (own >= MAX_PER_PERSON || all >= MAX_AT_ONCE) return { kind: "busy" };
      running.set(userId, own + 1);
      all++;
      try {
        return await ask(deps, question);
      } finally {
        all--;
        if (own === 0) running.delete(userId);
        else running.set(userId, own);
      }
    },
  };
}

async function ask(deps: Deps, question: AsideQuestion): Promise<Aside> {
  const { scope, conversation, tier, signal } = question;
  const limits = await deps.budgetsLeft(scope, conversation.id);
  const reached = limits.find(({ limit, spent }) => spent >= limit.limit);
  if (reached) return { kind: "over-budget", limit: reached.limit, resetsInMs: reached.resetsInMs };
  await deps.acquaintances.meet(scope, conversation);
  const { language } = await deps.ownSettings.of(scope, conversation);
  const system =
    language === null ? question.system : `${question.system}\n\nAnswer in ${language}.`;
  try {
    return await answer(deps, deps.models.byTier(tier), { ...question, system });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ModelError)) throw error;
    const { kind, provider } = error;
    deps.log.warn({ purpose: question.purpose, kind, provider, error }, "aside-failed");
    return { kind: "trouble", problem: kind };
  }
}

async function answer(deps: Deps, model: Model, question: AsideQuestion): Promise<Aside> {
  const request = toRequest(question);
  let source: Pick<StepCost, "provider" | "model"> | null = null;
  let text = "";
  let stop: StopReason | null = null;
  try {
    for await (const event of model.stream(request)) {
      if (event.type === "start") source = { provider: event.provider, model: event.model };
      if (event.type === "text-delta") text += event.text;
      if (event.type !== "end") continue;
      ({ stop } = event);
      const by = source ?? { provider: "", model: model.name };
      await charge(deps, question, { ...by, usage: saneUsage(event.usage) });
    }
  } catch (error) {
    if (source && stop === null)
      await charge(deps, question, { ...source, usage: guess(request, text) });
    throw error;
  }
  return { kind: "words", text: text.trim(), isCut: stop === "max-tokens" };
}

const toRequest = ({ system, text, signal }: AsideQuestion): ModelRequest => ({
  system: [{ text: system, stable: true }],
  messages: [
    { role: "user", content: [{ type: "text", text: text.slice(0, MAX_CHARS).toWellFormed() }] },
  ],
  lastStableMessage: -1,
  tools: [],
  toolChoice: "none",
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  signal,
});

/** The person has his answer whether or not it could be written down what it cost; the operator is told. */
async function charge(
  { ledger, log }: Deps,
  { scope, conversation, purpose }: AsideQuestion,
  cost: StepCost,
): Promise<void> {
  try {
    await ledger.charge(scope, conversation.id, { purpose, turnId: null, cost });
  } catch (error) {
    log.error({ purpose, error: asError(error) }, "aside-not-charged");
  }
}

/** What a call has cost about that did not come to its end. */
function guess(request: ModelRequest, text: string): StepCost["usage"] {
  const [input, output] = [estimateInput(request), estimateTokens(text)];
  return {
    inputTokens: input,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: output,
    costUsd: estimateUsd({ input, output }),
    estimated: true,
  };
}

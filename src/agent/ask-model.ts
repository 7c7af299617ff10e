import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { JsonObject, Model, ModelRequest, StopReason, ToolCall } from "../core/model.ts";
import { ModelError } from "../core/model.ts";
import type { StepStore } from "../core/stores.ts";
import type { Lease, Step, StepCost } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { estimateInput, estimateUsd } from "./estimate.ts";
import { MAX_BROKEN_ANSWERS } from "./limits.ts";
import { saneUsage } from "./usage.ts";
import { withoutSecret } from "./without-secret.ts";

/** One whole answer of the model. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly stop: StopReason;
  readonly replay: JsonObject | null;
  readonly cost: StepCost;
}

interface Deps {
  readonly steps: StepStore;
  /** Records what a call has cost that did not come to its end. */
  readonly charge: (cost: StepCost) => Promise<void>;
  readonly fault: Fault;
  readonly log: Log;
  /** A call whose arguments hold one is kept without them: an admin could read it there. */
  readonly holdsSecret: (text: string) => boolean;
}

/** Which step of which turn. */
interface At {
  readonly lease: Lease;
  readonly seq: number;
  /** Kept with the step, to explain it later: figures, no words. */
  readonly about?: JsonObject;
}

/**
 * One step: the intent is stored while the request is on its way, the result before anybody acts on it.
 * `onText` gets everything said so far. Throws ModelError, LeaseLost or the signal's reason.
 */
export async function askModel(
  deps: Deps,
  model: Model,
  request: ModelRequest,
  { lease, seq, about = {} }: At,
  onText: (text: string) => void,
): Promise<Answer> {
  const begun = deps.steps.begin(lease, [
    { seq, kind: "model", name: model.name, effect: "read", input: about },
  ]);
  // Awaited before the first word is shown; until then a failure must not count as unhandled.
  begun.catch(() => {});
  const answer = await untilWhole(deps, model, request, begun, onText);
  await begun;
  await deps.steps.end(lease, seq, toResult(answer, deps.holdsSecret), answer.cost);
  return answer;
}

/** A stream that breaks after words were shown is asked for again: the new words replace the old ones. */
async function untilWhole(
  deps: Deps,
  model: Model,
  request: ModelRequest,
  begun: Promise<void>,
  onText: (text: string) => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    let shown = false;
    try {
      return await readAnswer(deps, model, request, begun, (text) => {
        shown = true;
        onText(text);
      });
    } catch (error) {
      const again = error instanceof ModelError && error.retryable && shown;
      if (!again || attempt >= MAX_BROKEN_ANSWERS) throw error;
    }
  }
}

async function readAnswer(
  deps: Deps,
  model: Model,
  request: ModelRequest,
  begun: Promise<void>,
  onText: (text: string) => void,
): Promise<Answer> {
  const { fault } = deps;
  let source: Pick<StepCost, "provider" | "model"> | null = null;
  let text = "";
  const calls: ToolCall[] = [];
  fault("turn.llm.request.sent");
  try {
    for await (const event of model.stream(request)) {
      switch (event.type) {
        case "start":
          source = { provider: event.provider, model: event.model };
          fault("turn.llm.first.byte");
          break;
        case "text-delta":
          if (text === "") await begun;
          else fault("turn.llm.half");
          text += event.text;
          onText(text);
          break;
        case "reasoning-delta":
          break;
        case "tool-call":
          calls.push(event.call);
          break;
        case "end": {
          fault("turn.llm.end");
          const { stop, replay } = event;
          const by = source ?? { provider: "", model: model.name };
          const cost = { ...by, usage: saneUsage(event.usage) };
          return { text, calls: withOwnIds(calls), stop, replay, cost };
        }
      }
    }
    throw new ModelError("The stream ended without an end event", {
      kind: "broken-stream",
      provider: model.name,
    });
  } catch (error) {
    if (source) await chargeUnfinished(deps, source, request, text);
    throw error;
  }
}

/** Who stops an answer has had most of it, and the provider wants its money. The turn ends as it does, charged or not. */
async function chargeUnfinished(
  { charge, log }: Deps,
  source: Pick<StepCost, "provider" | "model">,
  request: ModelRequest,
  text: string,
): Promise<void> {
  const input = estimateInput(request);
  const output = estimateTokens(text);
  const usage = {
    inputTokens: input,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: output,
    costUsd: estimateUsd({ input, output }),
    estimated: true,
  };
  try {
    await charge({ ...source, usage });
  } catch (error) {
    log.warn({ model: source.model, error: asError(error) }, "unfinished-call-not-charged");
  }
}

/** Every call of one answer has an id of its own; of identical twins only the first is kept. */
function withOwnIds(calls: readonly ToolCall[]): readonly ToolCall[] {
  const given = new Set(calls.map(({ id }) => id));
  const seen = new Map<string, string>();
  return calls.flatMap((call) => {
    const what = JSON.stringify([call.name, call.input, call.problem]);
    const first = seen.get(call.id);
    if (first === what) return [];
    if (first !== undefined) return [{ ...call, id: freeId(call.id, given) }];
    seen.set(call.id, what);
    return [call];
  });
}

function freeId(id: string, taken: Set<string>): string {
  let free = id;
  for (let count = 2; taken.has(free); count++) free = `${id}-${count}`;
  taken.add(free);
  return free;
}

const toResult = (
  { text, calls, stop, replay, cost }: Answer,
  holdsSecret: Deps["holdsSecret"],
): JsonObject => ({
  text,
  calls: calls.map((call) => {
    const { id, name, input, problem } = withoutSecret(call, holdsSecret);
    return { id, name, input, problem };
  }),
  stop,
  replay,
  cost: { provider: cost.provider, model: cost.model, usage: { ...cost.usage } },
});

/** What an earlier attempt at the turn stored; null when the step has no result. */
export const fromStep = (step: Step | undefined): Answer | null =>
  // Written by toResult above and read back from our own table.
  step?.result === undefined || step.result === null ? null : (step.result as unknown as Answer);

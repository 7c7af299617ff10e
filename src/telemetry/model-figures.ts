import {
  ModelError,
  type Model,
  type Models,
  type ModelRequest,
  type Usage,
} from "../core/model.ts";
import { createCounter } from "./counter.ts";
import type { Family } from "./exposition.ts";

export interface ModelFigures {
  /** The same models; what they do is counted. */
  readonly count: (models: Models) => Models;
  readonly families: () => readonly Family[];
}

/** Calls of models for whatever reason, with their tokens and what they cost. */
export function createModelFigures(): ModelFigures {
  const who = ["provider", "model"] as const;
  const calls = createCounter(
    "clara_model_calls_total",
    "Calls of models, by how they ended: ok, left, or a kind of failure.",
    [...who, "outcome"],
  );
  const tokens = createCounter(
    "clara_model_tokens_total",
    "Tokens of models' calls. What was read from a provider's cache is part of the input.",
    [...who, "kind"],
  );
  const cost = createCounter(
    "clara_model_cost_usd_total",
    "US dollars that models' calls cost, as far as prices are known.",
    who,
  );

  function spend(source: { provider: string; model: string }, usage: Usage): void {
    tokens.add({ ...source, kind: "input" }, usage.inputTokens);
    tokens.add({ ...source, kind: "cached_input" }, usage.cachedInputTokens);
    tokens.add({ ...source, kind: "output" }, usage.outputTokens);
    cost.add(source, usage.costUsd ?? 0);
  }

  async function* watched(model: Model, request: ModelRequest): ReturnType<Stream> {
    let source = { provider: "none", model: model.name };
    // Whoever reads it may stop in the middle: then nothing below the loop is reached.
    let outcome = "left";
    try {
      for await (const event of model.stream(request)) {
        if (event.type === "start") source = { provider: event.provider, model: event.model };
        if (event.type === "end") {
          outcome = "ok";
          spend(source, event.usage);
        }
        yield event;
      }
    } catch (error) {
      if (error instanceof ModelError) outcome = error.kind;
      throw error;
    } finally {
      calls.add({ ...source, outcome }, 1);
    }
  }

  const counted = (model: Model): Model => ({
    name: model.name,
    contextTokens: model.contextTokens,
    stream: (request) => watched(model, request),
  });

  return {
    count({ byTier, defaultTier, autoTier }) {
      const models = { high: byTier("high"), mid: byTier("mid"), low: byTier("low") };
      const made = {
        high: counted(models.high),
        mid: counted(models.mid),
        low: counted(models.low),
      };
      return { byTier: (tier) => made[tier], defaultTier, autoTier };
    },
    families: () => [calls.family(), tokens.family(), cost.family()],
  };
}

type Stream = (
  request: ModelRequest,
) => AsyncGenerator<
  Model extends { stream: (request: ModelRequest) => AsyncIterable<infer Event> } ? Event : never
>;

import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { ModelError, type Model, type ModelErrorKind } from "../core/model.ts";
import { holdBack } from "./hold-back.ts";

export interface Cooldown {
  /** After an outage, and at most this long when a provider asked for a longer pause. */
  readonly outageMs: number;
  readonly maxMs: number;
}

const DEFAULT_COOLDOWN: Cooldown = { outageMs: 30_000, maxMs: 600_000 };

export interface FallbackOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly cooldown?: Cooldown;
}

/** healed: it passes by itself. broken: somebody must look. Other errors would be the same with any model. */
const OUTAGES: Partial<Record<ModelErrorKind, "healed" | "broken">> = {
  overloaded: "healed",
  "rate-limited": "healed",
  timeout: "healed",
  network: "healed",
  "broken-stream": "healed",
  unknown: "healed",
  auth: "broken",
  "no-credit": "broken",
  "not-found": "broken",
};

/**
 * The first of `models` that answers, in order; one that failed rests for a while and is asked last.
 * Never changes the model once something of the answer was seen. When all fail, throws what the first one said.
 */
export function withFallback(
  models: readonly [Model, ...Model[]],
  options: FallbackOptions,
): Model {
  const { clock, log, cooldown = DEFAULT_COOLDOWN } = options;
  const restsUntil = new Map<Model, number>();
  const isResting = (model: Model) => (restsUntil.get(model) ?? 0) > clock.elapsedMs();

  /** Remembers that a model is not well. */
  function rest(model: Model, error: ModelError): void {
    const outage = OUTAGES[error.kind];
    if (!outage) return;
    const asked = error.retryAfterMs ?? cooldown.outageMs;
    const restMs = outage === "broken" ? cooldown.maxMs : Math.min(asked, cooldown.maxMs);
    restsUntil.set(model, clock.elapsedMs() + restMs);
    const level = outage === "broken" ? "error" : "warn";
    log[level]({ model: model.name, kind: error.kind, restMs, err: error }, "model-failed");
  }

  return {
    name: models[0].name,
    contextTokens: models[0].contextTokens,
    async *stream(request) {
      let first: ModelError | null = null;
      const order = [...models.filter((model) => !isResting(model)), ...models.filter(isResting)];
      for (const model of order) {
        let isCommitted = false;
        try {
          yield* holdBack(model.stream(request), () => (isCommitted = true));
          restsUntil.delete(model);
          return;
        } catch (error) {
          request.signal.throwIfAborted();
          if (!(error instanceof ModelError)) throw error;
          rest(model, error);
          if (isCommitted) throw error;
          // A second model may have a smaller window; that is no news for the turn, the first model's failure is.
          if (first === null && !OUTAGES[error.kind]) throw error;
          first ??= error;
        }
      }
      throw first;
    },
  };
}

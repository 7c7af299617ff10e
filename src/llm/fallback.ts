import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { ModelError, type Model, type ModelErrorKind } from "../core/model.ts";
import { holdBack } from "./hold-back.ts";

/** How long a model rests after an outage, unless its provider asked for another time. */
const REST_MS = 30_000;
/** At most, whatever the provider asked for; also for what does not heal by itself. */
const MAX_REST_MS = 600_000;
/** The operator is told again of what does not heal by itself. */
const TELL_EVERY_MS = 3_600_000;

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
  deps: { readonly clock: Clock; readonly log: Log },
): Model {
  const { clock } = deps;
  const report = createReport(deps);
  const restsUntil = new Map<Model, number>();
  const isResting = (model: Model) => (restsUntil.get(model) ?? 0) > clock.elapsedMs();

  /** Remembers that a model is not well. */
  function rest(model: Model, error: ModelError): void {
    const outage = OUTAGES[error.kind];
    if (!outage) return;
    const asked = error.retryAfterMs ?? REST_MS;
    const restMs = outage === "broken" ? MAX_REST_MS : Math.min(asked, MAX_REST_MS);
    restsUntil.set(model, clock.elapsedMs() + restMs);
    report(model, error, outage);
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

/** Writes every failure to the log, and raises its voice where somebody must look: once an hour for each model and kind. */
function createReport({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
  const toldAt = new Map<string, number>();

  function isNews(key: string): boolean {
    const now = clock.elapsedMs();
    if (now - (toldAt.get(key) ?? -Infinity) < TELL_EVERY_MS) return false;
    toldAt.set(key, now);
    return true;
  }

  return (model: Model, error: ModelError, outage: "healed" | "broken"): void => {
    const { kind } = error;
    const isLoud = outage === "broken" && isNews(`${model.name} ${kind}`);
    log[isLoud ? "error" : "warn"]({ model: model.name, kind, error }, "model-failed");
  };
}

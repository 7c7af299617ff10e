import type { Embedder } from "../core/embedder.ts";
import type { Log } from "../core/log.ts";
import type { FactVectors } from "../core/recall.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";

const BATCH = 64;
/** New facts get their vectors within this time; until then the words find them. */
const LOOK_EVERY_MS = 5_000;
const MAX_PAUSE_MS = 600_000;

export interface EmbeddingDeps {
  readonly vectors: FactVectors;
  readonly embedder: Embedder;
  readonly log: Log;
}

/**
 * Gives facts their vectors, one batch after the other: also all of them anew when the model has changed. While the
 * provider is down it asks less and less often, and catches up afterwards.
 */
export const createEmbedding = (deps: EmbeddingDeps): Service => ({
  name: "embedding",
  async run(signal) {
    let pauseMs = LOOK_EVERY_MS;
    while (!signal.aborted) {
      try {
        const done = await embedBatch(deps, signal);
        pauseMs = done === BATCH ? 0 : LOOK_EVERY_MS;
      } catch (error) {
        if (signal.aborted) return;
        pauseMs = Math.min(MAX_PAUSE_MS, Math.max(LOOK_EVERY_MS, pauseMs * 2));
        deps.log.warn({ pauseMs, error: asError(error) }, "facts-not-embedded");
      }
      await pause(pauseMs, signal);
    }
  },
});

/** Gives how many facts have a vector now that had none. */
export async function embedBatch(
  { vectors, embedder }: Pick<EmbeddingDeps, "vectors" | "embedder">,
  signal: AbortSignal,
): Promise<number> {
  const pending = await vectors.pending(embedder.name, BATCH);
  if (pending.length === 0) return 0;
  const made = await embedder.embed(
    pending.map(({ text }) => text),
    signal,
  );
  const named = pending.flatMap(({ id }, index) => {
    const vector = made[index];
    return vector ? [{ id, vector }] : [];
  });
  await vectors.save(embedder.name, named);
  return pending.length;
}

import type { Logger } from "pino";
import { asError } from "../../../lib/as-error.ts";
import type { CacheStore } from "./store.ts";

/** How long the first store is left alone after it failed. */
const REST_MS = 5_000;
/** With more than these, all that the first store has is forgotten. */
const MAX_MISSED = 1_000;

interface FallbackDeps {
  readonly stopwatch: () => number;
  readonly log: Logger;
  /** Forgets everything of this server in the first store. */
  readonly forgetAll: () => Promise<unknown>;
}

/**
 * The first store while it answers, the second while it does not. What was forgotten meanwhile is forgotten in the first
 * one before anything is read from it again.
 */
export function createFallbackStore(
  { stopwatch, log, forgetAll }: FallbackDeps,
  store: CacheStore,
  instead: CacheStore,
): CacheStore & { readonly isDown: () => boolean } {
  let restsUntil = 0;
  let wasDown = false;
  const missed = new Set<string>();

  async function catchUp(): Promise<void> {
    if (missed.size > MAX_MISSED) await forgetAll();
    else for (const group of missed) await store.forget(group);
    missed.clear();
  }
  async function either<Answer>(
    work: (store: CacheStore) => Promise<Answer>,
    onMiss: () => void = () => {},
  ): Promise<Answer> {
    if (stopwatch() >= restsUntil)
      try {
        if (missed.size > 0) await catchUp();
        const answer = await work(store);
        if (wasDown) log.info({}, "cache-back");
        wasDown = false;
        return answer;
      } catch (error) {
        if (!wasDown) log.warn({ code: asError(error).name }, "cache-in-memory");
        wasDown = true;
        restsUntil = stopwatch() + REST_MS;
      }
    onMiss();
    return work(instead);
  }
  return {
    get: (key) => either((each) => each.get(key)),
    set: (key, value, ttlMs) => either((each) => each.set(key, value, ttlMs)),
    generation: (groups) => either((each) => each.generation(groups)),
    async forget(group) {
      const inSecond = await instead.forget(group);
      const inFirst = await either(
        async (each) => (each === instead ? 0 : each.forget(group)),
        () => {
          if (missed.size <= MAX_MISSED) missed.add(group);
        },
      );
      return inFirst + inSecond;
    },
    count: (group) => either((each) => each.count(group)),
    isDown: () => wasDown,
  };
}

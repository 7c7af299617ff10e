import { setTimeout as sleep } from "node:timers/promises";
import type { Model, ModelEvent, ModelRequest, Usage } from "../src/core/model.ts";

export interface HeldModel extends Model {
  readonly requests: ModelRequest[];
  /** Resolves when it has said its first words, and waits. */
  readonly held: Promise<void>;
  /** Lets it say the rest. */
  readonly go: () => void;
  /** Resolves when it has said everything. */
  readonly finished: Promise<void>;
  /** Resolves with the reason when its stream was aborted. */
  readonly aborted: Promise<unknown>;
}

const usage: Usage = {
  inputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 5,
  costUsd: 0.001,
  estimated: false,
};

/** Between two of the other words: an answer that grows before their eyes. */
const PACE_MS = 20;

/** Says its first words, then waits until the test lets it go on with the others, or until it is stopped. */
export function heldModel(first: string, ...others: readonly string[]): HeldModel {
  const requests: ModelRequest[] = [];
  const held = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<unknown>();
  const say = (text: string): ModelEvent => ({ type: "text-delta", text });
  return {
    name: "held/held-1",
    contextTokens: 100_000,
    requests,
    held: held.promise,
    go: going.resolve,
    finished: finished.promise,
    aborted: aborted.promise,
    async *stream(request) {
      const { signal } = request;
      signal.throwIfAborted();
      requests.push(request);
      signal.addEventListener("abort", () => aborted.resolve(signal.reason), { once: true });
      yield { type: "start", provider: "held", model: "held-1" };
      if (first !== "") yield say(first);
      held.resolve();
      await Promise.race([going.promise, aborted.promise]);
      signal.throwIfAborted();
      for (const words of others) {
        yield say(words);
        if (others.length > 1) await sleep(PACE_MS);
      }
      finished.resolve();
      yield { type: "end", stop: "end", usage, replay: null };
    },
  };
}

import { setTimeout } from "node:timers/promises";

/** A pause that ends early, throwing the signal's reason, when `signal` fires. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (ms, signal) => {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    // Node rejects with an AbortError of its own; callers want the reason they gave.
    signal.throwIfAborted();
    throw error;
  }
};

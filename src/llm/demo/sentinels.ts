import type { ModelErrorKind } from "../../core/model.ts";

/**
 * Write one of these anywhere in a message to see Clara meet that failure; nothing else about the answer changes.
 *
 *   [demo:overloaded] [demo:rate-limited] [demo:timeout] [demo:network] [demo:auth] [demo:no-credit]
 *   [demo:not-found] [demo:context-too-long] [demo:bad-request] [demo:unknown]     before the first word
 *   [demo:broken]         the stream breaks in the middle of the answer
 *   [demo:slow]           half a second between two pieces of the answer
 *   [demo:empty]          an answer without words
 *   [demo:bad-arguments]  a tool call whose arguments cannot be read
 */
export interface Sentinels {
  readonly failure: ModelErrorKind | null;
  readonly isBroken: boolean;
  readonly isSlow: boolean;
  readonly isEmpty: boolean;
  readonly hasBadArguments: boolean;
}

const FAILURES: readonly ModelErrorKind[] = [
  "overloaded",
  "rate-limited",
  "timeout",
  "network",
  "auth",
  "no-credit",
  "not-found",
  "context-too-long",
  "bad-request",
  "unknown",
];

export function readSentinels(text: string): Sentinels {
  const has = (name: string) => text.includes(`[demo:${name}]`);
  return {
    failure: FAILURES.find(has) ?? null,
    isBroken: has("broken"),
    isSlow: has("slow"),
    isEmpty: has("empty"),
    hasBadArguments: has("bad-arguments"),
  };
}

import type { FollowUp } from "../core/follow-up.ts";

/** Failures of a model that may well be over by the time somebody clicks. */
const PASSING = new Set([
  "model:overloaded",
  "model:network",
  "model:broken-stream",
  "model:rate-limited",
  "model:timeout",
]);

/** What is offered below an answer that ended like this; nothing below errors that stay, refusals and limits. */
export function offersAfter(detail: string): readonly FollowUp[] {
  if (detail === "answered") return ["retry", "shorter", "deeper"];
  if (detail === "cut-short" || detail === "out-of-steps")
    return ["continue", "retry", "shorter", "deeper"];
  return PASSING.has(detail) ? ["retry"] : [];
}

/** What a click says in the transcript, as the person's own words. */
export const FOLLOW_UP_WORDS: Readonly<Record<FollowUp, string>> = {
  retry: "Please answer that once more, from the beginning and in a fresh way.",
  shorter: "Please give me that answer again, much shorter: only what matters.",
  deeper: "Please go deeper into that: more detail, reasons and examples.",
  continue: "Please go on exactly where that answer stopped. Repeat nothing of it.",
};

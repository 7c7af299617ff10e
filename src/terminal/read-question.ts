import { MAX_QUESTION_CHARS } from "../core/local-outlet.ts";
import type { Tier } from "../core/model.ts";

/** What a person asked for with `!high` and the like, and the message without it. */
export type ReadTier = (text: string) => { readonly tier: Tier | null; readonly text: string };

export type Reading =
  | { readonly kind: "question"; readonly text: string; readonly tier: Tier | null }
  | { readonly kind: "nothing" }
  /** Words for the person. */
  | { readonly kind: "refused"; readonly why: string };

/** What a line asks. */
export function readQuestion(readTier: ReadTier, line: string): Reading {
  const { tier, text: rest } = readTier(line);
  const text = rest.trim();
  if (line.trim() === "") return { kind: "nothing" };
  if (text === "")
    return { kind: "refused", why: "Write your question after the choice of a model." };
  if (text.length > MAX_QUESTION_CHARS)
    return { kind: "refused", why: `At most ${MAX_QUESTION_CHARS} characters, please.` };
  return { kind: "question", text, tier };
}

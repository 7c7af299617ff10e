import type { SampleQuestion } from "./sample.ts";

export const CUTS = [5, 10, 20] as const;
export const BUDGETS = [256, 512, 1_024, 2_048, 4_096] as const;

/** A question with what was found for it, best first. */
export interface Answered {
  readonly question: SampleQuestion;
  readonly found: readonly { readonly id: string; readonly tokens: number }[];
}

export interface Score {
  readonly questions: number;
  /** Share of the evidence among the first k, mean over questions, in percent. */
  readonly recall: readonly number[];
  /** At least one piece of it, and all of it, among the first k. */
  readonly any: readonly number[];
  readonly all: readonly number[];
  /** The same as recall, for as many as fit into so many tokens. */
  readonly budget: readonly number[];
}

export function scoreOf(answered: readonly Answered[]): Score {
  const mean = (values: readonly number[]): number =>
    (100 * values.reduce((sum, each) => sum + each, 0)) / Math.max(1, values.length);
  const shares = (cut: (found: Answered["found"]) => Answered["found"]): readonly number[] =>
    answered.map(({ question: { evidence }, found }) => {
      const ids = new Set(cut(found).map(({ id }) => id));
      return evidence.filter((id) => ids.has(id)).length / evidence.length;
    });
  const first = (k: number) => shares((found) => found.slice(0, k));
  return {
    questions: answered.length,
    recall: CUTS.map((k) => mean(first(k))),
    any: CUTS.map((k) => mean(first(k).map((share) => Number(share > 0)))),
    all: CUTS.map((k) => mean(first(k).map((share) => Number(share === 1)))),
    budget: BUDGETS.map((tokens) => mean(shares((found) => within(found, tokens)))),
  };
}

function within(found: Answered["found"], maxTokens: number): Answered["found"] {
  let tokens = 0;
  const tooFar = found.findIndex((each) => (tokens += each.tokens) > maxTokens);
  return tooFar === -1 ? found : found.slice(0, tooFar);
}

import type { KeptFile, StepCost } from "../core/turn.ts";
import type { Answer } from "./ask-model.ts";
import { MAX_EMPTY_ANSWERS, MAX_MALFORMED_ANSWERS } from "./limits.ts";
import { WORDS } from "./words.ts";

export interface Spent {
  readonly model: string | null;
  /** null when a call had no known price. */
  readonly costUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const NOTHING_SPENT: Spent = { model: null, costUsd: 0, inputTokens: 0, outputTokens: 0 };

/** How a turn ends: a short code for the log, and a remark below the answer for whoever reads it; "" for none. */
export interface Ending {
  readonly detail: string;
  readonly remark: string;
}

/** What one turn has come to so far. Mutable on purpose. */
export interface Notebook {
  /** Everything said, piece by piece. */
  readonly said: string[];
  /** What tools gave to go with the answer. */
  readonly files: KeptFile[];
  /** How often each call was made. */
  readonly calls: Map<string, number>;
  /** Of the next step. */
  seq: number;
  mayUseTools: boolean;
  spent: Spent;
  /** US dollars; a call without a known price counts with its estimate. */
  countedUsd: number;
  /** Answers with malformed calls, one after the other. */
  malformed: number;
  empty: number;
}

export const openNotebook = (): Notebook => ({
  said: [],
  files: [],
  calls: new Map(),
  seq: 0,
  mayUseTools: true,
  spent: NOTHING_SPENT,
  countedUsd: 0,
  malformed: 0,
  empty: 0,
});

/** Writes down what the model said and what it cost. */
export function note(
  book: Notebook,
  { text, calls, cost }: Answer,
  { isMalformed, guessUsd }: { readonly isMalformed: boolean; readonly guessUsd: number },
): void {
  if (text.trim() !== "") book.said.push(text.trim());
  if (calls.length > 0) book.malformed = isMalformed ? book.malformed + 1 : 0;
  if (book.malformed >= MAX_MALFORMED_ANSWERS) book.mayUseTools = false;
  book.spent = add(book.spent, cost);
  book.countedUsd += cost.usage.costUsd ?? guessUsd;
}

const add = ({ costUsd, inputTokens, outputTokens }: Spent, { model, usage }: StepCost): Spent => ({
  model,
  costUsd: costUsd === null || usage.costUsd === null ? null : costUsd + usage.costUsd,
  inputTokens: inputTokens + usage.inputTokens,
  outputTokens: outputTokens + usage.outputTokens,
});

/** How the turn ends after this answer; null when it goes on. `isLast`: there is no further step. */
export function endingAfter(
  book: Notebook,
  { text, calls, stop }: Answer,
  { isLast, maxUsd }: { readonly isLast: boolean; readonly maxUsd: number | null },
): Ending | null {
  if (stop === "refusal") return sayAtLeast(book, "refused", WORDS.refused);
  if (calls.length > 0) {
    const isDear = maxUsd !== null && book.countedUsd >= maxUsd;
    return isLast || isDear ? { detail: "out-of-steps", remark: WORDS.outOfSteps } : null;
  }
  if (stop === "max-tokens") return { detail: "cut-short", remark: WORDS.cutShort };
  if (stop === "paused" && !isLast) return null;
  if (text.trim() !== "") return { detail: "answered", remark: "" };
  book.empty++;
  if (book.empty < MAX_EMPTY_ANSWERS && !isLast) return null;
  return sayAtLeast(book, "empty", WORDS.nothing);
}

/** Nobody is left without any words: then these are what Clara said. */
function sayAtLeast(book: Notebook, detail: string, words: string): Ending {
  if (book.said.length === 0) book.said.push(words);
  return { detail, remark: "" };
}

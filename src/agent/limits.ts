/** What one turn may take. All from the configuration; the defaults are the original's where it had one. */
export interface TurnLimits {
  /** Model calls in one turn. */
  readonly maxSteps: number;
  /** Wall time of one turn, from its claim to its last model call. */
  readonly maxTurnMs: number;
  /** Money of one turn; null for no limit. */
  readonly maxTurnUsd: number | null;
  readonly maxOutputTokens: number;
  /** Input tokens of one call, even when the model's window is larger. */
  readonly maxContextTokens: number;
  /** Characters of one tool's result; the rest is cut with a hint. */
  readonly maxToolResultChars: number;
}

/** Tool calls that one answer of the model may hold; further ones are refused in words. */
export const MAX_CALLS_PER_STEP = 16;
/** Reads that run side by side. */
export const MAX_PARALLEL_READS = 8;
/** Answers in a row with tool arguments that are unreadable or do not fit, before the model must do without tools. */
export const MAX_MALFORMED_ANSWERS = 2;
/** The same call with the same arguments: the third is refused. */
export const MAX_SAME_CALLS = 3;
/** An answer with nothing in it is asked for once more. */
export const MAX_EMPTY_ANSWERS = 2;
/** A stream that breaks after words were shown is asked for once more, and the words are replaced. */
export const MAX_BROKEN_ANSWERS = 2;
/** A turn that fails for unknown reasons, or takes the process with it, is taken up this often; then it ends with an apology. */
export const MAX_TURN_ATTEMPTS = 12;
/** Turns of one process at the same time; further ones wait in the queue. */
export const MAX_RUNNING_TURNS = 64;

const MAX_PATTERN_CHARS = 200;

/** What a pattern of somebody else's can cost. */
export type PatternCost =
  /** At worst as many steps as the text is long. */
  | "fast"
  /** Can be told to others, and is not run here. */
  | "slow"
  /** No pattern, or one that can take for ever. */
  | "unusable";

/**
 * How a pattern of JSON Schema may be used. Only what is surely fast is: anchored at the beginning, with at most one
 * unbounded repetition, and nothing repeated that repeats.
 */
export function costOf(pattern: string): PatternCost {
  if (pattern.length > MAX_PATTERN_CHARS || !compiles(pattern)) return "unusable";
  const bare = pattern.replace(/\\[^]/g, "e").replace(/\[[^\]]*\]/g, "c");
  if (/\\[1-9k]/.test(pattern) || /\(\?[=!<]/.test(bare)) return "slow";
  if (repeatsRepeated(bare)) return "unusable";
  const unbounded = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  return unbounded === 0 || (unbounded === 1 && /^\^[^|]*$/.test(bare)) ? "fast" : "slow";
}

function compiles(pattern: string): boolean {
  try {
    RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** A group with a repetition or a choice in it, that is repeated itself: the text can be cut up in too many ways. */
function repeatsRepeated(bare: string): boolean {
  const open: boolean[] = [];
  for (let at = 0; at < bare.length; at++) {
    const letter = bare[at];
    if (letter === "(") open.push(false);
    const isRepeat = letter === "*" || letter === "+" || letter === "|" || letter === "{";
    if (isRepeat && open.length > 0) open[open.length - 1] = true;
    if (letter !== ")") continue;
    const isBusy = open.pop() ?? false;
    const isRepeated = /^(?:[*+]|\{\d+,\d*\}|\{\d{2,}\})/.test(bare.slice(at + 1));
    if (isBusy && isRepeated) return true;
    if (isBusy && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}

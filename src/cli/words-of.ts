/** A line for each thing that went wrong: several services may have broken together. */
export const wordsOf = (error: unknown): readonly string[] =>
  error instanceof AggregateError
    ? error.errors.flatMap(wordsOf)
    : [error instanceof Error ? error.message : String(error)];

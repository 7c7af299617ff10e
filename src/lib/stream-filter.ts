/** Changes a text as it comes in. What it has given out it never takes back. */
export interface StreamFilter {
  /** What is certain by now of all that was pushed; with `final`, all of it. */
  readonly push: (chunk: string, final: boolean) => string;
}

/** One behind the other. */
export const inSequence = (filters: readonly StreamFilter[]): StreamFilter => ({
  push: (chunk, final) => filters.reduce((text, filter) => filter.push(text, final), chunk),
});

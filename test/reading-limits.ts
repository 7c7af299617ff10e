import type { ReadingLimits } from "../src/files/index.ts";

/** As where nobody has set anything. */
export const readingLimits: ReadingLimits = {
  maxTextChars: 100_000,
  maxDocumentBytes: 20_971_520,
  maxImageEdge: 1_568,
  maxImageBytes: 4_194_304,
};

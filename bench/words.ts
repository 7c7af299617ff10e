/** What is asked and answered. Each question has a number, by which its answer is known. */
const PATTERN = /question (\d+)/g;

export const toQuestion = (number: number): string => `@Clara question ${number}`;

/** The first of two pieces of an answer. */
export const toFirstSentence = (number: number): string =>
  `Let me think about question ${number} for a moment. `;

export const toAnswer = (number: number): string =>
  `This is the answer to question ${number}, with as many words as a short answer has.`;

/** The number of the question that a text speaks of last; null when it speaks of none. */
export function newestNumberIn(text: string): number | null {
  const [, number] = [...text.matchAll(PATTERN)].at(-1) ?? [];
  return number === undefined ? null : Number(number);
}

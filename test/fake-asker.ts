import type { Aside, Asker, AsideQuestion } from "../src/core/asker.ts";

export interface FakeAsker extends Asker {
  readonly questions: AsideQuestion[];
}

/** Answers every question with the same, or with what the function makes of it. */
export function createFakeAsker(
  answer: string | Aside | ((question: AsideQuestion) => string),
): FakeAsker {
  const questions: AsideQuestion[] = [];
  const toAside = (question: AsideQuestion): Aside => {
    if (typeof answer === "object") return answer;
    const text = typeof answer === "string" ? answer : answer(question);
    return { kind: "words", text, isCut: false };
  };
  return {
    isAble: true,
    maxChars: 20_000,
    questions,
    async ask(question) {
      questions.push(question);
      return toAside(question);
    },
  };
}

import { createInterface } from "node:readline";
import type { Tier } from "../core/model.ts";
import { readDecision } from "../core/typed-decision.ts";
import { noAnswer } from "./answer.ts";
import { ask, decide, newConversation } from "./ask.ts";
import { harmless } from "./harmless.ts";
import type { TerminalDeps } from "./deps.ts";
import { readQuestion } from "./read-question.ts";

/**
 * One question for each line of the input, one after the other in one conversation, and the final words of each answer
 * on the output. Ends with the input, or with the signal.
 */
export async function answerLines(deps: TerminalDeps, signal: AbortSignal): Promise<void> {
  const conversation = newConversation(deps);
  const ignore = () => {};

  async function answerTo(question: { readonly text: string; readonly tier: Tier | null }) {
    const typed = readDecision(question.text);
    if (!typed) return ask(deps, { ...question, conversation }, ignore, signal).answer;
    const decided = await decide(deps, conversation, typed, ignore, signal);
    return decided.kind === "asked" ? decided.asked.answer : { ...noAnswer, text: decided.why };
  }

  for await (const line of createInterface({ input: deps.input, terminal: false, signal })) {
    const reading = readQuestion(deps.readTier, line);
    if (reading.kind === "refused") deps.output.write(`${reading.why}\n`);
    if (reading.kind !== "question") continue;
    const answer = await answerTo(reading);
    if (answer === null) return;
    deps.output.write(`${harmless(answer.text)}\n`);
  }
}

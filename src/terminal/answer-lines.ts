import { createInterface } from "node:readline";
import { ask, newConversation } from "./ask.ts";
import { harmless } from "./harmless.ts";
import type { TerminalDeps } from "./deps.ts";
import { readQuestion } from "./read-question.ts";

/**
 * One question for each line of the input, one after the other in one conversation, and the final words of each answer
 * on the output. Ends with the input, or with the signal.
 */
export async function answerLines(deps: TerminalDeps, signal: AbortSignal): Promise<void> {
  const conversation = newConversation(deps);
  for await (const line of createInterface({ input: deps.input, terminal: false, signal })) {
    const reading = readQuestion(deps.readTier, line);
    if (reading.kind === "refused") deps.output.write(`${reading.why}\n`);
    if (reading.kind !== "question") continue;
    const question = { ...reading, conversation };
    const answer = await ask(deps, question, () => {}, signal).answer;
    if (answer === null) return;
    deps.output.write(`${harmless(answer.text)}\n`);
  }
}

import type { Service } from "../core/service.ts";
import { answerLines } from "./answer-lines.ts";
import { converse } from "./converse.ts";
import type { TerminalDeps } from "./deps.ts";

export interface TerminalOptions {
  readonly botName: string;
  readonly version: string;
}

/**
 * `clara chat`: a conversation for whoever sits at a terminal, and plain questions and answers through a pipe.
 * `run` resolves when the person leaves, or when the input ends and its last question is answered.
 */
export function createTerminal(deps: TerminalDeps, { botName, version }: TerminalOptions): Service {
  const greeting = `${botName} ${version}. Write to her; /help says what else you can do.`;
  const isInteractive = deps.input.isTTY === true && deps.output.isTTY === true;
  return {
    name: "terminal",
    async run(signal) {
      const left = new AbortController();
      const leave = () => left.abort();
      // Whoever reads us may go away first; then there is nobody to talk to.
      deps.output.on("error", leave);
      const over = AbortSignal.any([signal, left.signal]);
      if (isInteractive) await converse(deps, greeting, leave, over);
      else await answerLines(deps, over);
      deps.output.off("error", leave);
    },
  };
}

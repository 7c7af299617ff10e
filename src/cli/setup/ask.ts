import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { Machine } from "../machine.ts";

export interface Ask extends Disposable {
  /** What is typed, without white space around it; null when the person has left. `isSecret`: not seen while it is typed. */
  readonly ask: (
    question: string,
    options?: { readonly isSecret?: boolean },
  ) => Promise<string | null>;
}

/** Questions in the terminal, one line each; the same from a pipe. */
export function createAsk({ input, output }: Pick<Machine, "input" | "output">): Ask {
  let isMuted = false;
  const shown = new Writable({
    write(chunk: Buffer | string, _, done) {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  const isTerminal = "isTTY" in input && input.isTTY === true;
  const lines = createInterface({ input, output: shown, terminal: isTerminal });
  const typed = lines[Symbol.asyncIterator]();
  return {
    async ask(question, { isSecret = false } = {}) {
      output.write(question);
      isMuted = isSecret;
      try {
        const next = await typed.next();
        if (isSecret && isTerminal) output.write("\n");
        return next.done === true ? null : next.value.trim();
      } finally {
        isMuted = false;
      }
    },
    [Symbol.dispose]: () => lines.close(),
  };
}

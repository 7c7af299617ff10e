import { cleanLine } from "./clean.ts";
import { MAX_KEPT_LINES, MAX_LINE_CHARS } from "./limits.ts";

/** The newest lines of what a server says beside its messages. However much comes, no more is kept. */
export interface LineRing {
  /** A piece of a stream, which may end within a line. */
  readonly take: (piece: string) => void;
  readonly add: (line: string) => void;
  readonly lines: () => readonly string[];
}

export function createLineRing(): LineRing {
  const kept: string[] = [];
  let rest = "";

  function add(line: string): void {
    const shown = cleanLine(line, MAX_LINE_CHARS);
    if (shown === "") return;
    kept.push(shown);
    if (kept.length > MAX_KEPT_LINES) kept.shift();
  }

  return {
    add,
    take(piece) {
      const parts = (rest + piece).split("\n");
      rest = (parts.pop() ?? "").slice(0, MAX_LINE_CHARS);
      // Of a flood only the end can be seen afterwards anyway.
      for (const part of parts.slice(-MAX_KEPT_LINES)) add(part);
    },
    lines: () => (rest === "" ? [...kept] : [...kept, cleanLine(rest, MAX_LINE_CHARS)]),
  };
}

import type { ModelRequest } from "../../core/model.ts";

/** Something a person said, out of the lines in which the turn hands a conversation over. */
export interface Saying {
  /** For example `p1`; null when the words came without a label. */
  readonly speaker: string | null;
  readonly text: string;
}

/** Everything that people said, oldest first. The last one is the question. */
export const sayingsIn = ({ messages }: ModelRequest): readonly Saying[] =>
  messages.flatMap((message) =>
    message.role === "user"
      ? message.content.flatMap((part) => (part.type === "text" ? toSayings(part.text) : []))
      : [],
  );

const LABEL = /^\[.* \((\w+)\) \d\d:\d\d\] /;

/**
 * `[Ana (p1) 14:02] hello`, with further lines of it indented; see src/agent/speakers.ts. What stands before the first
 * label are notes and quotations, unless there is no label at all.
 */
function toSayings(text: string): readonly Saying[] {
  const lines = text.split("\n");
  if (!lines.some((line) => LABEL.test(line))) return [{ speaker: null, text }];
  const sayings: { speaker: string; text: string }[] = [];
  for (const line of lines) {
    const [label = "", speaker = ""] = LABEL.exec(line) ?? [];
    if (label !== "") sayings.push({ speaker, text: line.slice(label.length) });
    else if (line.startsWith("  ")) {
      const last = sayings.at(-1);
      if (last) last.text += `\n${line.slice(2)}`;
    }
  }
  return sayings;
}

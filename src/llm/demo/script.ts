import type { JsonObject, ModelRequest } from "../../core/model.ts";
import { lastWords, recallName, recallNotes } from "./facts.ts";

const MAX_LENGTH = 5_000;
const MAX_QUOTE_CHARS = 80;
const WORDS =
  "the quick brown fox jumps over a lazy dog while seven quiet owls watch from an old stone bridge".split(
    " ",
  );

/** What the demo model does next: it says something, or it calls a tool. */
export type Line =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly input: JsonObject };

/** The same request gives the same line, always. */
export function nextLine(request: ModelRequest): Line {
  const last = request.messages.at(-1);
  if (last?.role === "tool")
    return say(last.answers.map(({ text }) => text).join("\n"), "The tool says: ");
  const words = lastWords(request);
  const folded = SUMMARY.exec(words);
  if (folded) return { kind: "say", text: fold(folded[1] ?? "", folded[2] ?? "") };
  for (const rule of RULES) {
    const match = rule.pattern.exec(words);
    const line = match && rule.act(match[1]?.trim() ?? "", request);
    if (line) return line;
  }
  return say(
    `You said "${words.trim().slice(0, MAX_QUOTE_CHARS)}". I am only a demo without a real model. ` +
      `Try "what time is it", "my name is Ana", "search cats" or "count to 20".`,
  );
}

/** How src/agent/summarise.ts asks for the summary of a conversation. */
const SUMMARY = /^Summary so far:\n(.*)\n\nLines:\n(.*)$/s;
const MAX_SUMMARY_CHARS = 2_000;

/** The lines themselves, as many of the newest as fit: a demo has nothing better to say about them. */
const fold = (before: string, lines: string): string =>
  `${before}\n${lines}`.slice(-MAX_SUMMARY_CHARS).trim();

interface Rule {
  readonly pattern: RegExp;
  /** null when the rule does not apply after all. */
  readonly act: (found: string, request: ModelRequest) => Line | null;
}

const RULES: readonly Rule[] = [
  {
    pattern: /\bwhat time is it\b|\bwhat(?:'s| is) the time\b/i,
    act: (_, request) =>
      call(request, "current_time", {}) ??
      say("I am a demo, and nobody gave me a clock (the tool current_time)."),
  },
  {
    pattern: /\b(?:search|look up)(?: for)? ([^\n]+)/i,
    act: (words, request) =>
      call(request, "search_conversation", { words: words.replace(/\[demo:.*/, "").trim() }),
  },
  {
    pattern: /\bwhat(?:'s| is) my name\b/i,
    act: (_, request) => {
      const name = recallName(request);
      return say(name ? `Your name is ${name}.` : "You have not told me your name.");
    },
  },
  {
    pattern: /\bwhat (?:do you (?:remember|know)|did i tell you)\b/i,
    act: (_, request) => {
      const notes = recallNotes(request);
      return say(
        notes.length > 0
          ? `You told me that ${notes.join("; ")}.`
          : "You have not told me anything to remember.",
      );
    },
  },
  {
    pattern: /\bmy name is ([\p{L}\p{N}][\p{L}\p{N}'-]*)/iu,
    act: (name) => say(`Nice to meet you, ${name}.`),
  },
  { pattern: /\bremember that ([^\n.!?]+)/i, act: (note) => say(`I will remember that ${note}.`) },
  {
    pattern: /\bcount to (\d+)/i,
    act: (count) => ({ kind: "say", text: countTo(toLength(count)) }),
  },
  {
    pattern: /\bwrite (\d+) words\b/i,
    act: (count) => ({ kind: "say", text: write(toLength(count)) }),
  },
];

/** Everything short is said to come from a demo, so that nobody takes it for the real thing. */
const say = (text: string, prefix = ""): Line => ({
  kind: "say",
  text: `${prefix}${text}\n-# demo model`,
});

const call = (request: ModelRequest, name: string, input: JsonObject): Line | null =>
  request.toolChoice === "auto" && request.tools.some((tool) => tool.name === name)
    ? { kind: "call", name, input }
    : null;

const toLength = (digits: string): number => Math.min(Number.parseInt(digits, 10), MAX_LENGTH);

const countTo = (count: number): string =>
  Array.from({ length: count }, (_, index) => index + 1).join("\n");

/** Sentences of 12 words in paragraphs of 5 sentences. */
function write(count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const word = WORDS[index % WORDS.length] ?? "";
    const opened = index % 12 === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    if (index === count - 1) return `${opened}.`;
    if (index % 60 === 59) return `${opened}.\n\n`;
    return index % 12 === 11 ? `${opened}. ` : `${opened} `;
  }).join("");
}

import type { ModelRequest } from "../../core/model.ts";
import { sayingsIn } from "./hearing.ts";

/** The last thing a person said. */
export const lastWords = (request: ModelRequest): string => sayingsIn(request).at(-1)?.text ?? "";

/** From "my name is X", as far as the one who asks said it, or from what Clara was told about them; null otherwise. */
export function recallName(request: ModelRequest): string | null {
  const said = allOf(/\bmy name is ([\p{L}\p{N}][\p{L}\p{N}'-]*)/giu, saidByAsker(request));
  const told = allOf(
    /\b(?:their|(?:user|person)'s) name is ([\p{L}\p{N}][\p{L}\p{N}'-]*)/giu,
    request.system.map(({ text }) => text),
  );
  const remembered = allOf(/\bmy name is ([\p{L}\p{N}][\p{L}\p{N}'-]*)/giu, remembrances(request));
  return said.at(-1) ?? told.at(-1) ?? remembered[0] ?? null;
}

/** From "remember that ..." of the one who asks, oldest first; before it what Clara remembers of others talks. */
export const recallNotes = (request: ModelRequest): readonly string[] => [
  ...new Set(
    [
      ...remembrances(request),
      ...allOf(/\bremember that ([^\n.!?]+)/giu, saidByAsker(request)),
    ].map((note) => note.replace(/^My\b/, "my").replace(/\.$/, "")),
  ),
];

/** Facts of the one who asks, as the turn hands them over; see src/agent/recalled.ts. */
function remembrances({ messages }: ModelRequest): readonly string[] {
  const last = messages.findLast(({ role }) => role === "user");
  const texts = last?.role === "user" ? last.content : [];
  return allOf(
    /^- \[m[0-9a-f]{12}\] \((?:(?!, from )[^()\n]|\([^()\n]*\))*\) (.+)$/gmu,
    texts.map((part) => (part.type === "text" ? part.text : "")),
  );
}

function saidByAsker(request: ModelRequest): readonly string[] {
  const sayings = sayingsIn(request);
  const asker = sayings.at(-1)?.speaker;
  return sayings.flatMap(({ speaker, text }) => (speaker === asker ? [text] : []));
}

const allOf = (pattern: RegExp, texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = ""]) => found.trim()));

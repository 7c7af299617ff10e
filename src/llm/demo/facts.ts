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
  return said.at(-1) ?? told.at(-1) ?? null;
}

/** From "remember that ..." of the one who asks, oldest first. */
export const recallNotes = (request: ModelRequest): readonly string[] =>
  allOf(/\bremember that ([^\n.!?]+)/giu, saidByAsker(request));

function saidByAsker(request: ModelRequest): readonly string[] {
  const sayings = sayingsIn(request);
  const asker = sayings.at(-1)?.speaker;
  return sayings.flatMap(({ speaker, text }) => (speaker === asker ? [text] : []));
}

const allOf = (pattern: RegExp, texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = ""]) => found.trim()));

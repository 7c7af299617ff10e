import type { GraphStore, Relation } from "../core/graph.ts";
import type { Fact } from "../core/memory.ts";
import type { Scope } from "../core/principal.ts";
import { wordsOf } from "./words.ts";

const MAX_RELATIONS = 8;
/** A name has at most so many words. */
const MAX_NAME_WORDS = 3;
const MAX_WORDS = 40;
const MAX_NAMES = 60;
/** Words that are in every question, and so in no name. */
const MIN_CHARS = 2;

/** What touches whom or what the question, or a fact that was found for it, is about. */
export async function recallRelations(
  graph: Pick<GraphStore, "around">,
  scope: Scope,
  text: string,
  facts: readonly Fact[],
  now: Date,
): Promise<readonly Relation[]> {
  const subjects = facts.flatMap(({ subject }) => (subject.trim() === "" ? [] : [subject]));
  const names = [...new Set([...namesIn(text), ...subjects])].slice(0, MAX_NAMES);
  const find = (given: readonly string[]) =>
    graph.around(scope, given, { hops: 1, limit: MAX_RELATIONS, at: now });
  const [named, own] = await Promise.all([
    names.length === 0 ? [] : find(names),
    FIRST_PERSON.test(text) ? find([""]) : [],
  ]);
  // Of a person's own there may be many: those that the question has a word of.
  const words = new Set(wordsOf(text));
  const asked = own.filter(({ type, from, to }) =>
    wordsOf(`${type} ${from} ${to}`).some((word) => words.has(word)),
  );
  const ids = new Set(named.map(({ id }) => id));
  return [...named, ...asked.filter(({ id }) => !ids.has(id))].slice(0, MAX_RELATIONS);
}

const FIRST_PERSON = /\b(?:i|me|my|mine|i'm|i've)\b/i;

/** All runs of one to three words: which of them is a name, the graph knows. */
function namesIn(text: string): readonly string[] {
  const words = (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, MAX_WORDS);
  const found: string[] = [];
  for (let length = MAX_NAME_WORDS; length > 0; length--)
    for (let at = 0; at + length <= words.length; at++) {
      const run = words.slice(at, at + length).join(" ");
      if (run.length >= MIN_CHARS) found.push(run);
    }
  // Names are written with a capital in most languages; the others come after.
  return found.toSorted((a, b) => Number(isCapital(b)) - Number(isCapital(a)));
}

const isCapital = (text: string): boolean => /^\p{Lu}/u.test(text);

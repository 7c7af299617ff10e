import type { GraphStore, Relation } from "../core/graph.ts";
import type { Fact } from "../core/memory.ts";
import type { Scope } from "../core/principal.ts";
import { isAboutSelf } from "./own-words.ts";
import { wordsOf } from "./words.ts";

const MAX_RELATIONS = 8;
/** Of a person's own, to choose from. */
const MAX_OWN = 200;
/** A name has at most so many words. */
const MAX_NAME_WORDS = 3;
const MAX_WORDS = 40;
const MAX_NAMES = 60;
/** A name has at least so many characters. */
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
  const names = [...new Set([...subjects, ...namesIn(text)])].slice(0, MAX_NAMES);
  const find = (given: readonly string[], limit: number) =>
    graph.around(scope, given, { hops: 1, limit, at: now });
  const [named, own] = await Promise.all([
    names.length === 0 ? [] : find(names, MAX_RELATIONS),
    isAboutSelf(text) ? find([""], MAX_OWN) : [],
  ]);
  // Of a person's own there may be many: those that the question has a word of.
  const words = new Set(wordsOf(text));
  const asked = own.filter(({ type, from, to }) =>
    wordsOf(`${type} ${from} ${to}`).some((word) => words.has(word)),
  );
  const ids = new Set(named.map(({ id }) => id));
  return [...named, ...asked.filter(({ id }) => !ids.has(id))].slice(0, MAX_RELATIONS);
}

/** All runs of one to three words, short ones first: which of them is a name, the graph knows. */
function namesIn(text: string): readonly string[] {
  const words = (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, MAX_WORDS);
  const found: string[] = [];
  for (let length = 1; length <= MAX_NAME_WORDS; length++)
    for (let at = 0; at + length <= words.length; at++) {
      const run = words.slice(at, at + length).join(" ");
      if (run.length >= MIN_CHARS) found.push(run);
    }
  // Names are written with a capital in most languages; the others come after.
  return found.toSorted((a, b) => Number(isCapital(b)) - Number(isCapital(a)));
}

const isCapital = (text: string): boolean => /^\p{Lu}/u.test(text);

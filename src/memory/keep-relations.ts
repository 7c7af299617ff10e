import type { GraphStore, NewRelation } from "../core/graph.ts";
import type { LearnJob } from "../core/recall.ts";
import type { Extracted } from "./extracted.ts";
import { isNamed } from "./own-words.ts";

/** Keeps how things hang together, as far as both ends were named in what was said. Gives how many changed something. */
export async function keepRelations(
  graph: Pick<GraphStore, "add">,
  { scope, said }: Pick<LearnJob, "scope" | "said">,
  words: string,
  validFrom: Date,
  found: Extracted["relations"],
): Promise<number> {
  const kept: readonly NewRelation[] = found
    .filter(({ from, to }) => (from === "" || isNamed(from, words)) && isNamed(to, words))
    .map((relation) => ({ ...relation, validFrom, sources: said }));
  return kept.length === 0 ? 0 : graph.add(scope, kept);
}

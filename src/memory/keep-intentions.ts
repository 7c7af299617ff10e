import type { Intentions, NewIntention } from "../core/intentions.ts";
import type { LearnJob } from "../core/recall.ts";
import type { Extracted } from "./extracted.ts";
import { isGrounded } from "./own-words.ts";

/** Keeps what may be asked later, as far as it has to do with what was said. Gives how many. */
export async function keepIntentions(
  intentions: Pick<Intentions, "add">,
  { scope, said }: Pick<LearnJob, "scope" | "said">,
  words: string,
  found: Extracted["intentions"],
): Promise<number> {
  const kept: readonly NewIntention[] = found
    .filter(({ text }) => isGrounded(text, words))
    .map((intention) => ({ ...intention, sources: said }));
  return kept.length === 0 ? 0 : intentions.add(scope, kept);
}

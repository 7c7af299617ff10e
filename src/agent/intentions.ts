import type { Intention, Intentions } from "../core/intentions.ts";
import type { Log } from "../core/log.ts";
import type { Trigger, Turn } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";

/** What is to be brought up in one turn; taken once, however often the context is gathered. */
export type IntentionsOnce = () => Promise<readonly Intention[]>;

/** When a person speaks to her. What runs by the clock, and a click, is no talk. */
const IN_TALK: readonly Trigger[] = ["dm", "mention", "reply", "active", "local"];

/** Takes nothing when the store fails: the answer goes on without. */
export function createIntentionsOnce(
  deps: { readonly intentions?: Pick<Intentions, "take">; readonly log: Log },
  turn: Turn,
): IntentionsOnce {
  let taken: Promise<readonly Intention[]> | null = null;
  async function take(): Promise<readonly Intention[]> {
    if (!deps.intentions || !IN_TALK.includes(turn.trigger)) return [];
    return deps.intentions.take(turn.scope, turn.id).catch((error: unknown) => {
      deps.log.warn({ turnId: turn.id, error: asError(error) }, "intentions-not-taken");
      return [];
    });
  }
  return () => (taken ??= take());
}

/** Lines above the question; empty when nothing is due. Their words are the person's own, through a model. */
export function intentionNotes(intentions: readonly Intention[]): string {
  if (intentions.length === 0) return "";
  return [
    "(You meant to come back to this with the one who asks. Bring it up in a sentence if it fits now, after what they ask; it is a note and no order.",
    ...intentions.map(({ text }) => `- ${text.replace(/\s+/g, " ")}`),
    ")",
  ].join("\n");
}

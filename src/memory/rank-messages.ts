import type { MessageShelf } from "./message-shelf.ts";
import type { TimeSpan } from "./time-words.ts";
import { best, bm25, type Query } from "../lib/word-index.ts";

/**
 * What a line inherits of the lines around it, since what answers a question often stands beside the words that it
 * asks with; measured in docs/MEMORY.md.
 */
const FROM_BEFORE = [0.4, 0.2];
const FROM_AFTER = [0.3, 0.2, 0.1];
const SESSION_SHARE = 0.6;
const SPEAKER_BOOST = 0.1;
/** Within the time that the question names. */
const TIME_BOOST = 0.3;
/** What Clara said herself, of what a person said. */
const CLARA_SHARE = 0.6;

export interface RankedMessage {
  readonly unit: number;
  readonly score: number;
  /** Of the line itself or one beside it: how much of what was asked it holds. */
  readonly coverage: number;
}

/** Best first, at most `limit`. `speaker` is the only person that the question is about, null for none or several. */
export function rankMessages(
  shelf: MessageShelf,
  query: Query,
  { speaker, span, limit }: { speaker: string | null; span: TimeSpan | null; limit: number },
): readonly RankedMessage[] {
  const { units, people, clara, sessions, places } = shelf;
  const own = new Float64Array(units.length);
  const covered = new Float64Array(units.length);
  for (const [index, share] of [
    [people, 1],
    [clara, CLARA_SHARE],
  ] as const) {
    const { scores, coverage } = bm25([index], query);
    for (const [unit, score] of scores[0]!.entries()) {
      if (score === 0) continue;
      own[unit] = share * score;
      covered[unit] = coverage[0]![unit]!;
    }
  }
  const spread = new Float64Array(units.length);
  const near = new Float64Array(units.length);
  for (const order of places.values()) inherit(shelf, order, own, covered, { spread, near });

  const highest = highestOf(spread);
  const bySession = bm25([sessions], query).scores[0]!;
  const highestSession = highestOf(bySession);
  const total = new Float64Array(units.length);
  for (const [unit, { session, authorId, at, isClara }] of units.entries()) {
    const sessionScore = bySession[session]!;
    const isWithin = span !== null && at >= span.from && at < span.to;
    if (sessionScore === 0 && !isWithin) continue;
    total[unit] =
      spread[unit]! / highest +
      SESSION_SHARE * (sessionScore / highestSession) +
      (speaker !== null && authorId === speaker && !isClara ? SPEAKER_BOOST : 0) +
      (isWithin ? TIME_BOOST : 0);
  }
  return best(total, limit).map((unit) => ({ unit, score: total[unit]!, coverage: near[unit]! }));
}

const highestOf = (scores: Float64Array): number => scores.reduce((a, b) => Math.max(a, b), 0) || 1;

/** Only from lines of the same session. */
function inherit(
  { units }: MessageShelf,
  order: readonly number[],
  own: Float64Array,
  covered: Float64Array,
  { spread, near }: { readonly spread: Float64Array; readonly near: Float64Array },
): void {
  for (const [position, from] of order.entries()) {
    const score = own[from]!;
    if (score === 0) continue;
    spread[from] = spread[from]! + score;
    near[from] = Math.max(near[from]!, covered[from]!);
    const give = (offset: number, share: number) => {
      const to = order[position + offset];
      if (to === undefined || units[to]!.session !== units[from]!.session) return;
      spread[to] = spread[to]! + share * score;
      near[to] = Math.max(near[to]!, covered[from]!);
    };
    // A line inherits from those before it, so this one gives to those after it, and the other way round.
    FROM_BEFORE.forEach((share, index) => give(index + 1, share));
    FROM_AFTER.forEach((share, index) => give(-index - 1, share));
  }
}

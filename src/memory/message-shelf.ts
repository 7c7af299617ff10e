import type { ShelvedMessage } from "../core/recall.ts";
import { dateText } from "./time-words.ts";
import { createWordIndex, type WordIndex } from "../lib/word-index.ts";
import { wordsOf } from "./words.ts";

/** A pause that long begins another session: another talk, in the same place. */
const SESSION_GAP_MS = 30 * 60_000;

export interface Unit {
  readonly id: ShelvedMessage["id"];
  readonly authorId: string;
  readonly at: Date;
  readonly isClara: boolean;
  readonly session: number;
}

/** What was said in one place or several, in order, with what ranking needs. Words are numbers in an index, no text is kept. */
export interface MessageShelf {
  readonly units: readonly Unit[];
  /** What people said and what Clara said, apart: her long answers would hide the short questions. */
  readonly people: WordIndex;
  readonly clara: WordIndex;
  readonly sessions: WordIndex;
  /** Of each place the units in their order. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  /** Words of a speaker's name, by his id. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly newest: () => Date | null;
  /** Messages that are there already change nothing. */
  readonly add: (messages: readonly ShelvedMessage[]) => void;
}

export function createMessageShelf(): MessageShelf {
  const units: Unit[] = [];
  const known = new Set<string>();
  const places = new Map<string, number[]>();
  const names = new Map<string, readonly string[]>();
  const people = createWordIndex();
  const clara = createWordIndex();
  const sessions = createWordIndex();
  let sessionCount = 0;
  let newest: Date | null = null;

  /** Nearly always the last; answers of Clara stand right behind their question, whatever was said meanwhile. */
  function positionOf(order: readonly number[], at: Date): number {
    let position = order.length;
    while (position > 0 && units[order[position - 1]!]!.at > at) position--;
    return position;
  }

  function add(message: ShelvedMessage): void {
    const { id, authorId, sentAt: at, conversationId } = message;
    const order = places.get(conversationId) ?? [];
    places.set(conversationId, order);
    const position = positionOf(order, at);
    const before = position === 0 ? null : units[order[position - 1]!]!;
    const isSame = before !== null && at.getTime() - before.at.getTime() < SESSION_GAP_MS;
    const session = isSame ? before.session : sessionCount++;
    if (!isSame) sessions.add(session, wordsOf(dateText(at)));
    const isClara = message.role === "clara";
    const unit = units.push({ id, authorId, at, isClara, session }) - 1;
    order.splice(position, 0, unit);
    if (!isClara) names.set(authorId, wordsOf(message.authorName));
    const words = wordsOf(`${isClara ? "" : message.authorName} ${message.text}`);
    (isClara ? clara : people).add(unit, [...words, ...wordsOf(dateText(at))]);
    sessions.add(session, words);
    if (newest === null || at > newest) newest = at;
  }

  return {
    units,
    people,
    clara,
    sessions,
    places,
    names,
    newest: () => newest,
    add(messages) {
      for (const message of messages) {
        if (known.has(message.id)) continue;
        known.add(message.id);
        add(message);
      }
    },
  };
}

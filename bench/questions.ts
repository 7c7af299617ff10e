import type { FakeDiscord, Place } from "../test/fake-discord/index.ts";
import { newestNumberIn, toQuestion } from "./words.ts";

const MAX_WAIT_MS = 60_000;

/** One question and when Discord saw what of its answer, in ms of `performance.now()`. null: not, or not yet. */
export interface Question {
  readonly number: number;
  readonly askedAt: number;
  typingAt: number | null;
  firstWordsAt: number | null;
  /** All its words stand there, and nothing more will come. */
  answeredAt: number | null;
}

export interface Asked {
  readonly question: Question;
  /** Rejects when the answer does not come within a minute. */
  readonly answered: Promise<Question>;
}

interface Open {
  readonly question: Question;
  readonly channelId: string;
  readonly done: () => void;
}

/** Asks in places, and looks at every request in the moment that it reaches Discord. */
export function createQuestions(discord: FakeDiscord): (place: Place) => Asked {
  const open = new Map<number, Open>();
  let newest: unknown = null;
  let count = 0;

  discord.onChange(() => {
    const entry = discord.journal.entries.at(-1);
    if (entry === newest || entry?.kind !== "rest") return;
    newest = entry;
    const { content, components = [] } = entry.body as { content?: string; components?: unknown[] };
    if (entry.route === "/channels/:channelId/typing") seeTyping(entry.path.split("/")[2] ?? "");
    // What can still be stopped is not whole.
    else if (content !== undefined)
      seeWords(content, !JSON.stringify(components).includes('"Stop"'));
  });

  function seeTyping(channelId: string): void {
    const found = open.values().find((each) => each.channelId === channelId);
    if (found) found.question.typingAt ??= performance.now();
  }

  function seeWords(content: string, isWhole: boolean): void {
    const number = newestNumberIn(content);
    const found = number === null ? undefined : open.get(number);
    if (!found) return;
    const { question, done } = found;
    question.firstWordsAt ??= performance.now();
    if (!isWhole) return;
    question.answeredAt = performance.now();
    open.delete(question.number);
    done();
  }

  return (place) => {
    const number = ++count;
    const { promise, resolve, reject } = Promise.withResolvers<Question>();
    const late = setTimeout(
      () => reject(new Error(`No answer to question ${number}`)),
      MAX_WAIT_MS,
    );
    const question: Question = {
      number,
      askedAt: performance.now(),
      typingAt: null,
      firstWordsAt: null,
      answeredAt: null,
    };
    const done = () => {
      clearTimeout(late);
      resolve(question);
    };
    open.set(number, { question, channelId: place.id, done });
    discord.ana.says(toQuestion(number), { in: place }).catch(reject);
    promise.catch(() => {}); // Whoever waits for it hears of it.
    return { question, answered: promise };
  };
}

/** How long after its asking something happened, for each question where it did. */
export const msSinceAsked = (
  questions: readonly Question[],
  pick: (question: Question) => number | null,
): readonly number[] =>
  questions.flatMap((question) => {
    const at = pick(question);
    return at === null ? [] : [at - question.askedAt];
  });

import type { Episode, RecurringTopic, ShelvedEpisode, ToneAt } from "../core/episodes.ts";
import { best, bm25, createWordIndex, type Query, type WordIndex } from "../lib/word-index.ts";
import { dateText, type TimeSpan } from "./time-words.ts";
import { wordsOf } from "./words.ts";

const DAY_MS = 86_400_000;
/** Less than this of what was asked is chance. */
const MIN_COVERAGE = 0.3;
/** How far back a topic is said to come up again, or a tone is told. */
const RECURRING_DAYS = 14;
const TONE_DAYS = 7;
const MIN_MENTIONS = 2;
const MAX_RECURRING = 3;
const MAX_TONES = 3;
/** Talks that are looked at for that. */
const MAX_LATE = 30;
/** A guess that its own maker does not believe is none. */
const MIN_TONE_CONFIDENCE = 0.5;

export interface EpisodeIndex {
  /** Newest first. */
  readonly episodes: readonly ShelvedEpisode[];
  readonly words: WordIndex;
}

export function createEpisodeIndex(episodes: readonly ShelvedEpisode[]): EpisodeIndex {
  const words = createWordIndex();
  for (const [index, { summary, topics, startsAt }] of episodes.entries())
    words.add(index, wordsOf(`${topics.join(" ")} ${summary} ${dateText(startsAt)}`));
  return { episodes, words };
}

/** Best first: by words, and within the time that is asked for; when only a time is asked for, its newest. */
export function rankEpisodes(
  { episodes, words }: EpisodeIndex,
  query: Query,
  span: TimeSpan | null,
  limit: number,
): readonly string[] {
  const [scores, coverage] = first(bm25([words], query));
  const isWithin = ({ startsAt, endsAt }: ShelvedEpisode) =>
    span === null || (endsAt >= span.from && startsAt < span.to);
  const byWords = best(scores, 4 * limit, "earlier").filter(
    (index) => isWithin(episodes[index]!) && coverage[index]! >= MIN_COVERAGE,
  );
  const byTime = span === null ? [] : [...episodes.keys()].filter((at) => isWithin(episodes[at]!));
  return [...new Set([...byWords, ...byTime])]
    .slice(0, limit)
    .flatMap((index) => episodes[index]?.id ?? []);
}

const first = ({ scores, coverage }: ReturnType<typeof bm25>) =>
  [scores[0] ?? NONE, coverage[0] ?? NONE] as const;
const NONE = new Float64Array();

/** Those that topics and tones are told of. */
export const lateEpisodes = ({ episodes }: EpisodeIndex, now: Date): readonly string[] =>
  episodes
    .filter(({ endsAt }) => endsAt.getTime() > now.getTime() - RECURRING_DAYS * DAY_MS)
    .slice(0, MAX_LATE)
    .map(({ id }) => id);

export function recurringTopics(episodes: readonly Episode[]): readonly RecurringTopic[] {
  const found = new Map<string, RecurringTopic>();
  for (const { topics, endsAt } of episodes) {
    const keys = new Map(topics.map((topic) => [wordsOf(topic).join(" "), topic]));
    for (const [key, topic] of keys) {
      const before = found.get(key);
      const lastAt = before && before.lastAt > endsAt ? before.lastAt : endsAt;
      if (key !== "") found.set(key, { topic, talks: (before?.talks ?? 0) + 1, lastAt });
    }
  }
  return [...found.values()]
    .filter(({ talks }) => talks >= MIN_MENTIONS)
    .toSorted((a, b) => b.talks - a.talks || b.lastAt.getTime() - a.lastAt.getTime())
    .slice(0, MAX_RECURRING);
}

/** How the person's own last talks may have felt, oldest first; nobody is told how others felt. */
export const recentTones = (episodes: readonly Episode[], now: Date): readonly ToneAt[] =>
  episodes
    .filter(
      ({ isOwn, endsAt, toneConfidence }) =>
        isOwn &&
        toneConfidence >= MIN_TONE_CONFIDENCE &&
        endsAt.getTime() > now.getTime() - TONE_DAYS * DAY_MS,
    )
    .toSorted((a, b) => a.endsAt.getTime() - b.endsAt.getTime())
    .flatMap(({ tone, endsAt }) => (tone === null ? [] : [{ tone, at: endsAt }]))
    .slice(-MAX_TONES);

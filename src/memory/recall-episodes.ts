import type { EpisodeStore, RecalledTalks } from "../core/episodes.ts";
import type { RecallQuestion } from "../core/recall.ts";
import type { Scope } from "../core/principal.ts";
import { toQuery } from "../lib/word-index.ts";
import {
  lateEpisodes,
  rankEpisodes,
  recentTones,
  recurringTopics,
  type EpisodeIndex,
} from "./rank-episodes.ts";
import { timeSpanIn } from "./time-words.ts";
import { wordsOf } from "./words.ts";

const MAX_EPISODES = 3;

export async function recallEpisodes(
  source: Pick<EpisodeStore, "find">,
  index: EpisodeIndex,
  scope: Scope,
  { text }: Pick<RecallQuestion, "text">,
  now: Date,
): Promise<RecalledTalks> {
  const query = toQuery(wordsOf(text));
  const asked = rankEpisodes(index, query, timeSpanIn(text, now), MAX_EPISODES);
  const late = lateEpisodes(index, now);
  // Read anew, within the scope, and topics and tones are told of nothing else.
  const found = await source.find(scope, [...new Set([...asked, ...late])]);
  const lately = found.filter(({ id }) => late.includes(id));
  return {
    episodes: found.filter(({ id }) => asked.includes(id)),
    topics: recurringTopics(lately),
    tones: recentTones(lately, now),
  };
}

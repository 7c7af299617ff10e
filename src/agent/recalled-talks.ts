import type { Episode, RecalledTalks } from "../core/episodes.ts";
import { plainName } from "./speakers.ts";

const MAX_SUMMARY_CHARS = 600;
const MAX_NAMED = 5;

/** What is told of talks that are over, a title and lines each. Tones and summaries are a model's, and said to be. */
export function talkParts({
  episodes,
  topics,
  tones,
}: RecalledTalks): readonly { readonly title: string; readonly lines: readonly string[] }[] {
  return [
    { title: "Earlier talks here, as you summed them up", lines: episodes.map(episodeLine) },
    {
      title: "Came up here again and again in the last two weeks",
      lines: topics.map(
        ({ topic, talks, lastAt }) =>
          `- ${oneLine(topic)} (${talks} talks, last on ${day(lastAt)})`,
      ),
    },
    {
      title: "How your last talks with the one who asks may have felt, a guess that may be wrong",
      lines: tones.map(({ tone, at }) => `- ${day(at)}: ${tone}`),
    },
  ];
}

function episodeLine({ startsAt, participants, summary }: Episode): string {
  const names = participants.slice(0, MAX_NAMED).map(plainName).join(", ");
  return `- (${day(startsAt)}, with ${names}) ${oneLine(summary)}`;
}

const day = (at: Date): string => at.toISOString().slice(0, 10);
const oneLine = (text: string): string =>
  text.replace(/\s+/g, " ").trim().slice(0, MAX_SUMMARY_CHARS).toWellFormed();

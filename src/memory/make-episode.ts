import { readFileSync } from "node:fs";
import { z } from "zod";
import { TONES, type EpisodeStore, type NewEpisode } from "../core/episodes.ts";
import type { ConversationId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { TranscriptMessage } from "../core/message.ts";
import type { Scope } from "../core/principal.ts";
import { jsonIn } from "./candidate.ts";
import { askOnce, type AskDeps } from "./ask-once.ts";

const prompt = readFileSync(new URL("prompts/episode.md", import.meta.url), "utf8").trim();

/** A place where nobody says anything for so long has ended its talk. */
export const QUIET_MS = 45 * 60_000;
/** Fewer lines are found by themselves. */
const MIN_LINES = 6;
const MAX_LINE_CHARS = 600;
const MAX_OUTPUT_TOKENS = 500;

export interface EpisodeDeps {
  readonly episodes: Pick<EpisodeStore, "ended" | "save">;
  readonly asking: AskDeps;
  /** Whether a talk's tone may be guessed. */
  readonly estimatesTone: boolean;
  readonly log: Log;
}

/** Makes an episode of a talk that is over. False when there is none, or it was not worth one. */
export async function makeEpisode(
  { episodes, asking, estimatesTone, log }: EpisodeDeps,
  scope: Scope,
  conversation: ConversationId,
  signal: AbortSignal,
): Promise<boolean> {
  const lines = await episodes.ended(scope, conversation, QUIET_MS);
  if (lines.length < MIN_LINES) return false;
  const text = await askOnce(
    asking,
    { system: prompt, content: toText(lines), maxOutputTokens: MAX_OUTPUT_TOKENS },
    signal,
  );
  const read = readEpisode(text, estimatesTone);
  if (!read) return false;
  const isNew = await episodes.save(scope, conversation, { ...read, lines });
  if (isNew) log.info({ conversationId: conversation, lines: lines.length }, "episode-made");
  return isNew;
}

/** One JSON object in a line, so that no words of a person can look like another's line. */
const toText = (lines: readonly TranscriptMessage[]): string =>
  lines
    .map(({ role, authorName, text, sentAt }) =>
      JSON.stringify({
        by: role === "clara" ? "assistant" : authorName,
        at: sentAt.toISOString().slice(0, 16),
        text: text.slice(0, MAX_LINE_CHARS).toWellFormed(),
      }),
    )
    .join("\n");

const said = z.looseObject({
  summary: z.string().trim().min(10),
  topics: z.array(z.unknown()).catch([]),
  tone: z.enum(TONES).nullable().catch(null),
  confidence: z.number().min(0).max(1).catch(0),
});

/** Without a summary it is nothing; every other piece that is wrong is left out. */
export function readEpisode(
  text: string,
  estimatesTone: boolean,
): Omit<NewEpisode, "lines"> | null {
  const read = said.safeParse(jsonIn(text));
  if (!read.success) return null;
  const { summary, topics, tone, confidence } = read.data;
  return {
    summary,
    topics: topics.filter((topic) => typeof topic === "string"),
    tone: estimatesTone ? tone : null,
    toneConfidence: estimatesTone && tone !== null ? confidence : 0,
  };
}

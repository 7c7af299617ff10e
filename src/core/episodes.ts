/** Talks that are over, each with what it was about. They belong to the place: only its readers may know of them. */
import type { ConversationId, MessageId } from "./ids.ts";
import type { TranscriptMessage } from "./message.ts";
import type { Scope } from "./principal.ts";

export const TONES = ["warm", "cheerful", "calm", "tense", "sad", "angry", "worried"] as const;
/** How a talk may have felt: an estimate by a model, and shown as one. */
export type Tone = (typeof TONES)[number];

export interface NewEpisode {
  readonly summary: string;
  /** In a word or two each, most important first. */
  readonly topics: readonly string[];
  readonly tone: Tone | null;
  /** 0 to 1. */
  readonly toneConfidence: number;
  readonly lines: readonly TranscriptMessage[];
}

export interface Episode extends Omit<NewEpisode, "lines"> {
  /** For example `e4f1c09ab33e2`. */
  readonly id: string;
  readonly conversationId: ConversationId;
  /** Names of the people who took part. */
  readonly participants: readonly string[];
  /** True when nobody but whoever asks took part. */
  readonly isOwn: boolean;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly sources: readonly MessageId[];
}

export type ShelvedEpisode = Pick<Episode, "id" | "summary" | "topics" | "startsAt" | "endsAt">;

/** What came up in several talks of the last two weeks. */
export interface RecurringTopic {
  readonly topic: string;
  readonly talks: number;
  readonly lastAt: Date;
}

export interface ToneAt {
  readonly tone: Tone;
  readonly at: Date;
}

/** What is recalled of talks that are over. */
export interface RecalledTalks {
  /** Those that the question may be about, oldest first. */
  readonly episodes: readonly Episode[];
  readonly topics: readonly RecurringTopic[];
  /** Of talks with the one who asks alone, oldest first. */
  readonly tones: readonly ToneAt[];
}

export const NO_TALKS: RecalledTalks = { episodes: [], topics: [], tones: [] };

export interface EpisodeStore {
  /** The lines of the newest talk that is over and in no episode yet; empty while somebody still talks there. */
  readonly ended: (
    scope: Scope,
    conversation: ConversationId,
    quietMs: number,
  ) => Promise<readonly TranscriptMessage[]>;
  /**
   * False when it was there, a line of it changed meanwhile, or it tells a password, a key or what one who took part
   * never wants learnt.
   */
  readonly save: (
    scope: Scope,
    conversation: ConversationId,
    episode: NewEpisode,
  ) => Promise<boolean>;
  /** For ranking: those of the scope's place, newest first, at most 300. */
  readonly shelf: (scope: Scope) => Promise<readonly ShelvedEpisode[]>;
  readonly find: (scope: Scope, ids: readonly string[]) => Promise<readonly Episode[]>;
}

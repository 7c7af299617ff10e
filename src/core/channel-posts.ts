import type { Conversation } from "./message.ts";

export interface Poll {
  readonly question: string;
  readonly answers: readonly string[];
  readonly hours: number;
  /** More than one answer may be chosen. */
  readonly isMultiple: boolean;
}

export const POLL_LIMITS = {
  questionChars: 300,
  answerChars: 55,
  minAnswers: 2,
  maxAnswers: 10,
  /** 32 days. */
  maxHours: 768,
} as const;

export type Posted =
  | { readonly kind: "posted"; readonly url: string }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Says something in a place that may be another than where it was asked for. Whether the asker may is checked before.
 * `key`: at most 22 characters; the same key is the same message.
 */
export interface ChannelPosts {
  readonly post: (
    place: Conversation,
    key: string,
    content: string,
    signal: AbortSignal,
  ) => Promise<Posted>;
  readonly poll: (
    place: Conversation,
    key: string,
    poll: Poll,
    signal: AbortSignal,
  ) => Promise<Posted>;
}

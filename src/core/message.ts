import type { ConversationId, GuildId, MessageId } from "./ids.ts";
import type { Audience, Platform, Principal } from "./principal.ts";

/** A place where people and Clara talk: a DM, a channel, a thread, a playground tab. One active turn at a time in each. */
export interface Conversation {
  readonly id: ConversationId;
  readonly platform: Platform;
  readonly kind: "dm" | "channel" | "thread" | "local";
  readonly guildId: GuildId | null;
  /** The platform's own channel id, where answers are sent. */
  readonly channelId: string;
  /** The thread's parent channel; null for others. */
  readonly parentId: string | null;
  /** For example "#general"; free text from people, decides nothing. */
  readonly title: string;
  readonly audience: Audience;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string | null;
  readonly sizeBytes: number;
  /** May expire; never trusted later. */
  readonly url: string;
  /** Recorded by whoever sent the message: what it says is what they say. */
  readonly isVoice?: true;
  /** How long it lasts, as the platform says. */
  readonly seconds?: number;
  /** What is said in it, once it was heard. */
  readonly words?: string;
}

/** A message as it arrived, from whichever platform. */
export interface IncomingMessage {
  readonly id: MessageId;
  readonly conversation: Conversation;
  readonly author: Principal;
  readonly authorIsBot: boolean;
  /** With the mention of Clara removed and other mentions written as names. */
  readonly text: string;
  readonly replyTo: MessageId | null;
  readonly attachments: readonly Attachment[];
  /** From the platform's id, not from this machine's clock. */
  readonly sentAt: Date;
}

/** One line of a conversation as it is remembered. */
export interface TranscriptMessage {
  readonly id: MessageId;
  readonly role: "person" | "clara" | "bot";
  /** The speaker; for Clara's own lines the person she answered. */
  readonly authorId: string;
  readonly authorName: string;
  readonly text: string;
  readonly replyTo: MessageId | null;
  readonly attachments: readonly Attachment[];
  readonly sentAt: Date;
}

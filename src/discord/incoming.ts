import { MessageFlags, MessageType } from "discord-api-types/v10";
import type { Attachment, Conversation, IncomingMessage } from "../core/message.ts";
import type { Principal, Scope } from "../core/principal.ts";
import type { Holder } from "./permissions.ts";
import { toPlain } from "./plain.ts";
import { sentAtOf, toMessageId, toUserId } from "./snowflake.ts";
import type { Names, Self } from "./spoken.ts";
import { isMentioned, nameFor, toSpoken } from "./spoken.ts";
import type { WireMessage } from "./wire.ts";

/** Where a message stands, and what that place knows. */
export interface Place extends Names {
  readonly conversation: Conversation;
  /** Permission bits in this place; 0n in a DM. */
  readonly permissionsOf: (holder: Holder) => bigint;
}

/** What the gate looks at besides words and place. */
export interface Signs {
  readonly isOwn: boolean;
  /** Said by somebody: joins, pins, boosts and the starter that a thread repeats are not. */
  readonly isSpeech: boolean;
  readonly isWebhook: boolean;
  /** False when Discord does not say that the author belongs to the guild. */
  readonly isMember: boolean;
  readonly isMention: boolean;
  /** To a message of Clara, with or without a ping. */
  readonly isReply: boolean;
}

/** A message of Discord's in our words. */
export interface Arrival {
  readonly message: IncomingMessage;
  readonly scope: Scope;
  readonly signs: Signs;
}

const SPEECH: ReadonlySet<number> = new Set([
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
]);
/** A forward has a reference, too, and is no reply. */
const REPLY = 0;

export function toArrival(wire: WireMessage, place: Place, self: Self, now: Date): Arrival {
  const { conversation } = place;
  const author = toPrincipal(wire, place, now);
  const text = toSpoken(wire, self, place);
  const repliesTo = isReply(wire) ? (wire.message_reference?.message_id ?? null) : null;
  return {
    message: {
      id: toMessageId(wire.id),
      conversation,
      author,
      authorIsBot: wire.author.bot === true || isWebhook(wire),
      text,
      replyTo: repliesTo === null ? null : toMessageId(repliesTo),
      attachments: toAttachments(wire),
      sentAt: sentAtOf(wire.id),
    },
    scope: { principal: author, audience: conversation.audience },
    signs: {
      isOwn: wire.author.id === self.userId,
      isSpeech: SPEECH.has(wire.type),
      isWebhook: isWebhook(wire),
      isMember: conversation.guildId === null || (wire.member ?? null) !== null,
      isMention: isMentioned(wire, self, place),
      isReply: isReply(wire) && wire.referenced_message?.author.id === self.userId,
    },
  };
}

const isWebhook = ({ webhook_id: id }: WireMessage): boolean => (id ?? null) !== null;

const isReply = ({ type, message_reference: reference }: WireMessage): boolean =>
  type === MessageType.Reply && (reference?.type ?? REPLY) === REPLY;

function toPrincipal({ author, member }: WireMessage, place: Place, now: Date): Principal {
  const roleIds = member?.roles ?? [];
  const timedOutUntil = Date.parse(member?.communication_disabled_until ?? "");
  const holder = { userId: author.id, roleIds, timedOut: timedOutUntil > now.getTime() };
  return {
    platform: "discord",
    userId: toUserId(author.id),
    displayName: nameFor(author, member ?? null),
    guildId: place.conversation.guildId,
    roleIds,
    permissions: member ? place.permissionsOf(holder) : 0n,
    via: "message",
  };
}

/** What is forwarded was recorded by somebody else. */
function toAttachments(wire: WireMessage): Attachment[] {
  const isVoice = (wire.flags & MessageFlags.IsVoiceMessage) !== 0;
  const forwarded = wire.message_snapshots.flatMap(({ message }) => message.attachments);
  return [
    ...wire.attachments.map((each) => toAttachment(each, isVoice)),
    ...forwarded.map((each) => toAttachment(each, false)),
  ];
}

function toAttachment(wire: WireMessage["attachments"][number], isVoice: boolean): Attachment {
  const { id, filename, content_type: contentType, size, url, duration_secs: seconds } = wire;
  return {
    id,
    name: toPlain(filename),
    contentType: contentType ?? null,
    sizeBytes: size,
    url,
    ...(isVoice && { isVoice }),
    ...(seconds == null ? {} : { seconds }),
  };
}

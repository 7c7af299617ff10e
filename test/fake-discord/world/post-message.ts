import { ChannelType, MessageType } from "discord-api-types/v10";

import { invalidForm } from "../forms/form.ts";
import {
  type MessageDraft,
  type ReferenceDraft,
  hasSubstance,
  readMessage,
} from "../forms/message-form.ts";
import { addMessage } from "./add-message.ts";
import { DiscordError, archivedThread, emptyMessage, missingAccess } from "./errors.ts";
import type { Channel, JsonObject, Message, MessageReference, Upload, User } from "./model.ts";
import { can, requirePermission } from "./permissions.ts";
import type { World } from "./world.ts";

const REPLIABLE: readonly MessageType[] = [
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
];

export interface NewMessage {
  readonly author: User;
  readonly channel: Channel;
  readonly body: JsonObject;
  readonly files?: readonly Upload[];
}

/** Checks and posts what a bot or a person sends. A remembered nonce gives the first message again. */
export function postMessage(
  world: World,
  { author, channel, body, files = [] }: NewMessage,
): Message {
  const draft = readMessage(body, files, { author });
  requireSpeech(world, author, channel, draft, files);
  const { enforceNonce, nonce } = draft;
  const known = enforceNonce && nonce !== undefined && world.rememberedNonce(author.id, nonce);
  if (known) return known;

  const reference = draft.reference && resolveReference(world, author, channel, draft.reference);
  const isForward = reference?.type === 1;
  if (!isForward && !hasSubstance({ ...draft, attachments: [] }, files)) throw emptyMessage();
  return addMessage(world, {
    author,
    channel,
    draft,
    files,
    type: reference?.type === 0 ? MessageType.Reply : MessageType.Default,
    reference: reference ?? null,
  });
}

function requireSpeech(
  world: World,
  author: User,
  channel: Channel,
  draft: MessageDraft,
  files: readonly Upload[],
): void {
  if (channel.recipients.some((user) => user.dmsClosed && user !== author)) {
    throw new DiscordError(403, 50_007, "Cannot send messages to this user");
  }
  if (channel.type === ChannelType.GuildForum) {
    throw new DiscordError(400, 50_008, "Cannot send messages in a non-text channel");
  }
  requirePermission(world, author.id, channel, "SendMessages");
  if (channel.thread?.locked && !can(world, author.id, channel, "ManageThreads"))
    throw archivedThread();
  if (files.length > 0) requirePermission(world, author.id, channel, "AttachFiles");
  if (draft.poll) requirePermission(world, author.id, channel, "SendPolls");
  if (draft.embeds?.length) requirePermission(world, author.id, channel, "EmbedLinks");
}

function resolveReference(
  world: World,
  author: User,
  channel: Channel,
  { messageId, channelId = channel.id, type, failIfNotExists }: ReferenceDraft,
): MessageReference | undefined {
  const home = world.channels.get(channelId);
  const target = home?.messages.get(messageId);
  if (home && !can(world, author.id, home, "ViewChannel")) throw missingAccess();
  if (home && !can(world, author.id, home, "ReadMessageHistory")) {
    throw new DiscordError(403, 160_002, "Cannot reply without permission to read message history");
  }
  if (type === 0 && target && !REPLIABLE.includes(target.type)) {
    throw invalidForm(
      "message_reference",
      "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
      "Cannot reply to a system message",
    );
  }
  if (target) return { messageId, channelId, guildId: channel.guildId, type };
  if (!failIfNotExists) return undefined;
  throw invalidForm("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
}

import { MessageFlags } from "discord-api-types/v10";

import { type MessageDraft, hasSubstance, readMessage } from "../forms/message-form.ts";
import { SETTABLE_FLAGS, repliedUser, storeFiles } from "./add-message.ts";
import { announceUpdate } from "./announce.ts";
import { pushBounded } from "./bounded.ts";
import { DiscordError, archivedThread, emptyMessage } from "./errors.ts";
import { MENTION_ALL, MENTION_USERS, readMentions } from "./mentions.ts";
import type { Attachment, JsonObject, Message, Upload, User } from "./model.ts";
import { requirePermission } from "./permissions.ts";
import { textsIn } from "./shown.ts";
import { noteUnfurls } from "./unfurl.ts";
import type { World } from "./world.ts";

const MAX_VERSIONS = 100;

/** Changes a message of one's own. Absent fields stay, and nobody is notified. */
export function editMessage(
  world: World,
  editor: User,
  message: Message,
  { body, files = [] }: { readonly body: JsonObject; readonly files?: readonly Upload[] },
): Message {
  const channel = world.channel(message.channelId);
  const draft = readMessage(body, files, { author: editor, flags: message.flags });
  if (message.author.id !== editor.id) return suppressEmbeds(world, editor, message, draft);
  if (channel.thread?.archived) throw archivedThread();
  applyDraft(world, message, draft, files);
  return message;
}

// What anyone with MANAGE_MESSAGES may change on another's message, and nothing else.
function suppressEmbeds(
  world: World,
  editor: User,
  message: Message,
  draft: MessageDraft,
): Message {
  const touchesMore = draft.content !== undefined || draft.embeds || draft.components;
  if (touchesMore || draft.flags === undefined) {
    throw new DiscordError(403, 50_005, "Cannot edit a message authored by another user");
  }
  requirePermission(world, editor.id, world.channel(message.channelId), "ManageMessages");
  message.flags =
    (message.flags & ~MessageFlags.SuppressEmbeds) | (draft.flags & MessageFlags.SuppressEmbeds);
  announceUpdate(world, message);
  return message;
}

/** Puts new parts into a message, whoever asks: edits, and interactions filling their answer. */
export function applyDraft(
  world: World,
  message: Message,
  draft: MessageDraft,
  files: readonly Upload[],
): void {
  const kept = keptAttachments(message, draft);
  const isV2 = ((message.flags | (draft.flags ?? 0)) & MessageFlags.IsComponentsV2) !== 0;
  const after = {
    content: (isV2 ? "" : draft.content) ?? message.content,
    embeds: draft.embeds ?? message.embeds,
    components: draft.components ?? message.components,
  };
  const isForward = message.reference?.type === 1;
  if (!isForward && !hasSubstance({ ...after, attachments: kept }, files)) throw emptyMessage();

  Object.assign(message, after);
  if (isV2) message.content = textsIn(after.components);
  message.attachments = [...kept, ...storeFiles(world, draft, files)];
  if (draft.flags !== undefined) {
    // A message that is laid out by components stays one.
    const stays = message.flags & MessageFlags.IsComponentsV2;
    message.flags = (message.flags & ~SETTABLE_FLAGS) | (draft.flags & SETTABLE_FLAGS) | stays;
  }
  const isFirstText = (message.flags & MessageFlags.Loading) !== 0;
  message.flags &= ~MessageFlags.Loading;
  message.editedAt = world.now();
  message.edits += 1;
  pushBounded(message.versions, { content: message.content, at: message.editedAt }, MAX_VERSIONS);
  mentionAgain(world, message, draft, isFirstText);
  noteUnfurls(world, message);
  announceUpdate(world, message);
}

function mentionAgain(
  world: World,
  message: Message,
  draft: MessageDraft,
  isFirstText: boolean,
): void {
  const replied = repliedUser(world, message.reference);
  const wasMentioned = replied !== null && message.mentionedUserIds.includes(replied);
  const mentions = readMentions(world, {
    author: message.author,
    channel: world.channel(message.channelId),
    content: message.content,
    allowed: draft.allowedMentions ?? (message.interaction ? MENTION_USERS : MENTION_ALL),
    repliedTo: wasMentioned ? replied : null,
  });
  if (isFirstText) message.pings = mentions.pings;
  message.mentionedUserIds = mentions.userIds;
  message.mentionedRoleIds = mentions.roleIds;
  message.mentionsEveryone = mentions.everyone;
}

function keptAttachments(message: Message, draft: MessageDraft): Attachment[] {
  const named = draft.attachments?.map(({ id }) => String(id));
  return named ? message.attachments.filter(({ id }) => named.includes(id)) : message.attachments;
}

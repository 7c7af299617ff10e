import { ChannelType, MessageFlags, MessageType } from "discord-api-types/v10";

import { DiscordError, archivedThread, emptyMessage, missingAccess } from "./errors.ts";
import { Form, textOf } from "./forms.ts";
import { MENTION_ALL, MENTION_USERS, readMentions } from "./mentions.ts";
import { type MessageDraft, type ReferenceDraft, readMessage } from "./message-form.ts";
import type {
  Attachment,
  Channel,
  InteractionOrigin,
  JsonObject,
  Message,
  MessageReference,
  Snowflake,
  Upload,
  User,
} from "./model.ts";
import { toMessageEvent } from "./payloads.ts";
import { can, requirePermission } from "./permissions.ts";
import { setArchived } from "./threads.ts";
import { noteUnfurls } from "./unfurl.ts";
import type { World } from "./world.ts";

const SETTABLE_FLAGS =
  MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2;

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
  const draft = readMessage(body, files);
  requireSpeech(world, author, channel, draft, files);
  const known =
    draft.enforceNonce &&
    draft.nonce !== undefined &&
    world.rememberedNonce(author.id, draft.nonce);
  if (known) return known;

  const reference = draft.reference && resolveReference(world, author, channel, draft.reference);
  if (!hasSubstance(draft, files) && reference?.type !== 1) throw emptyMessage();
  return addMessage(world, {
    author,
    channel,
    draft,
    files,
    type: reference?.type === 0 ? MessageType.Reply : MessageType.Default,
    reference: reference ?? null,
  });
}

export interface AddedMessage {
  readonly author: User;
  readonly channel: Channel;
  readonly draft: MessageDraft;
  readonly files?: readonly Upload[];
  readonly type: MessageType;
  readonly id?: Snowflake;
  readonly reference?: MessageReference | null;
  readonly interaction?: InteractionOrigin | null;
  readonly webhookId?: Snowflake | null;
  readonly onlyFor?: Snowflake | null;
  /** Beyond those the sender may set: LOADING, EPHEMERAL. */
  readonly extraFlags?: number;
}

/** Stores a message that has been checked and tells everyone who may see it. */
export function addMessage(world: World, added: AddedMessage): Message {
  const { author, channel, draft, reference = null, interaction = null, onlyFor = null } = added;
  if (channel.thread?.archived) setArchived(world, channel, false);
  const content = draft.content ?? "";
  const mentions = readMentions(world, {
    author,
    channel,
    content,
    allowed: draft.allowedMentions ?? (interaction ? MENTION_USERS : MENTION_ALL),
    repliedTo: repliedUser(world, reference),
  });
  const createdAt = world.now();
  const message: Message = {
    id: added.id ?? world.nextId(),
    channelId: channel.id,
    guildId: channel.guildId,
    author,
    type: added.type,
    createdAt,
    reference,
    nonce: draft.nonce ?? null,
    interaction,
    webhookId: added.webhookId ?? null,
    onlyFor,
    pings: mentions.pings,
    content,
    embeds: draft.embeds ?? [],
    components: draft.components ?? [],
    attachments: storeFiles(world, draft, added.files ?? []),
    reactions: [],
    mentionedUserIds: mentions.userIds,
    mentionedRoleIds: mentions.roleIds,
    mentionsEveryone: mentions.everyone,
    flags: ((draft.flags ?? 0) & SETTABLE_FLAGS) | (added.extraFlags ?? 0),
    pinnedAt: null,
    editedAt: null,
    deletedAt: null,
    versions: [{ content, at: createdAt }],
  };
  keep(world, channel, message);
  return message;
}

function keep(world: World, channel: Channel, message: Message): void {
  noteUnfurls(world, message);
  if (message.onlyFor !== null) {
    world.ephemeral.set(message.id, message);
    return world.changed();
  }
  channel.messages.set(message.id, message);
  if (channel.thread) channel.thread.totalMessages += 1;
  world.rememberNonce(message);
  announce(world, "MESSAGE_CREATE", message);
}

/** Changes a message of one's own. Absent fields stay, and nobody is notified. */
export function editMessage(
  world: World,
  editor: User,
  message: Message,
  { body, files = [] }: { readonly body: JsonObject; readonly files?: readonly Upload[] },
): Message {
  const channel = world.channel(message.channelId);
  const draft = readMessage(body, files, message.flags);
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
  announce(world, "MESSAGE_UPDATE", message);
  return message;
}

/** Puts new parts into a message, whoever asks: edits, and interactions filling their answer. */
export function applyDraft(
  world: World,
  message: Message,
  draft: MessageDraft,
  files: readonly Upload[],
): void {
  const channel = world.channel(message.channelId);
  const kept = keptAttachments(message, draft);
  const after = {
    content: draft.content ?? message.content,
    embeds: draft.embeds ?? message.embeds,
    components: draft.components ?? message.components,
    attachments: [...kept, ...storeFiles(world, draft, files)],
  };
  if (!hasSubstance(after, []) && message.reference?.type !== 1) throw emptyMessage();

  Object.assign(message, after);
  if (draft.flags !== undefined) {
    message.flags = (message.flags & ~SETTABLE_FLAGS) | (draft.flags & SETTABLE_FLAGS);
  }
  const isFirstText = (message.flags & MessageFlags.Loading) !== 0;
  message.flags &= ~MessageFlags.Loading;
  message.editedAt = world.now();
  message.versions.push({ content: message.content, at: message.editedAt });
  const mentions = readMentions(world, {
    author: message.author,
    channel,
    content: message.content,
    allowed: draft.allowedMentions ?? (message.interaction ? MENTION_USERS : MENTION_ALL),
    repliedTo: null,
  });
  if (isFirstText) message.pings = mentions.pings;
  message.mentionedUserIds = mentions.userIds;
  message.mentionedRoleIds = mentions.roleIds;
  noteUnfurls(world, message);
  announceUpdate(world, message);
}

/** Deletes one message; anyone may delete their own. */
export function deleteMessage(world: World, actor: User, message: Message): void {
  const channel = world.channel(message.channelId);
  if (message.author.id !== actor.id) {
    if (channel.guildId === null) {
      throw new DiscordError(403, 50_003, "Cannot execute action on a DM channel");
    }
    requirePermission(world, actor.id, channel, "ManageMessages");
  }
  removeMessage(world, message);
}

/** Takes a message away without asking who may. */
export function removeMessage(world: World, message: Message): void {
  message.deletedAt = world.now();
  world.ephemeral.delete(message.id);
  world.channels.get(message.channelId)?.messages.delete(message.id);
  if (message.onlyFor !== null) return world.changed();
  const { id, channelId: channel_id, guildId } = message;
  announceIn(world, "MESSAGE_DELETE", message, {
    id,
    channel_id,
    ...(guildId ? { guild_id: guildId } : {}),
  });
}

/** Deletes many at once, with one event for all. Unknown ids are passed over. */
export function deleteMessages(world: World, channel: Channel, ids: readonly Snowflake[]): void {
  const found = ids.filter((id) => channel.messages.has(id));
  for (const id of found) {
    const message = channel.messages.get(id);
    if (message) message.deletedAt = world.now();
    channel.messages.delete(id);
  }
  world.emit({
    t: "MESSAGE_DELETE_BULK",
    d: { ids: found, channel_id: channel.id, guild_id: channel.guildId },
    guildId: channel.guildId,
    channelId: channel.id,
  });
}

export function announceUpdate(world: World, message: Message): void {
  if (message.onlyFor === null) announce(world, "MESSAGE_UPDATE", message);
  else world.changed();
}

function announce(world: World, t: "MESSAGE_CREATE" | "MESSAGE_UPDATE", message: Message): void {
  announceIn(world, t, message, toMessageEvent(world, message, t === "MESSAGE_CREATE"));
}

function announceIn(world: World, t: string, { guildId, channelId }: Message, d: JsonObject): void {
  world.emit({ t, d, guildId, channelId });
}

function requireSpeech(
  world: World,
  author: User,
  channel: Channel,
  draft: MessageDraft,
  files: readonly Upload[],
): void {
  if (
    channel.guildId === null &&
    channel.recipients.some((user) => user.dmsClosed && user !== author)
  ) {
    throw new DiscordError(403, 50_007, "Cannot send messages to this user");
  }
  if (channel.type === ChannelType.GuildForum) {
    throw new DiscordError(400, 50_008, "Cannot send messages in a non-text channel");
  }
  requirePermission(world, author.id, channel, "SendMessages");
  if (channel.thread?.locked && !can(world, author.id, channel, "ManageThreads"))
    throw archivedThread();
  if (files.length > 0) requirePermission(world, author.id, channel, "AttachFiles");
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
  if (target) return { messageId, channelId, guildId: channel.guildId, type };
  if (!failIfNotExists) return undefined;
  const form = new Form();
  form.fail("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
  form.finish();
  return undefined;
}

function repliedUser(world: World, reference: MessageReference | null): Snowflake | null {
  if (reference?.type !== 0) return null;
  const target = world.channels.get(reference.channelId)?.messages.get(reference.messageId);
  return target?.author.id ?? null;
}

function hasSubstance(
  parts: Pick<MessageDraft, "content" | "embeds" | "components"> & {
    readonly attachments?: readonly unknown[];
  },
  files: readonly Upload[],
): boolean {
  const { content = "", embeds = [], components = [], attachments = [] } = parts;
  const lists = [embeds, components, attachments, files];
  return content.trim() !== "" || lists.some((list) => list.length > 0);
}

function keptAttachments(message: Message, draft: MessageDraft): Attachment[] {
  const named = draft.attachments?.map(({ id }) => String(id));
  return named ? message.attachments.filter(({ id }) => named.includes(id)) : message.attachments;
}

function storeFiles(world: World, draft: MessageDraft, files: readonly Upload[]): Attachment[] {
  return files.map((file) => {
    const about = draft.attachments?.find(({ id }) => String(id) === file.key);
    const id = world.nextId();
    world.uploads.set(id, file);
    return {
      id,
      filename: safeName(textOf(about?.["filename"]) ?? file.filename),
      description: textOf(about?.["description"]) ?? null,
      contentType: file.contentType,
      sizeBytes: file.bytes.length,
    };
  });
}

// Discord keeps letters, digits, dots, dashes and underscores of a file's name.
function safeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  return base.replace(/[^\w.-]+/g, "_") || "unknown";
}

import { createHash } from "node:crypto";

import { MessageFlags } from "discord-api-types/v10";

import type { Attachment, JsonObject, Message, Snowflake } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { iso, isoOrNull, toApiChannel, toApiPartialMember, toApiUser } from "./guild.ts";

/**
 * A message as the API shows it. The nonce is only in the answer to its creation and in
 * MESSAGE_CREATE; a message fetched later has none.
 */
export function toApiMessage(world: World, message: Message, withNonce = false): JsonObject {
  return {
    ...withoutReference(world, message),
    ...referenceFields(world, message),
    ...(withNonce && message.nonce !== null ? { nonce: message.nonce } : {}),
  };
}

/** MESSAGE_CREATE and MESSAGE_UPDATE know the guild and the member, which a fetched message does not. */
export function toMessageEvent(world: World, message: Message, withNonce: boolean): JsonObject {
  const channel = world.channel(message.channelId);
  const api = { ...toApiMessage(world, message, withNonce), channel_type: channel.type };
  if (message.guildId === null) return api;
  const member = world.guild(message.guildId).members.get(message.author.id);
  return {
    ...api,
    guild_id: message.guildId,
    ...(member && message.webhookId === null ? { member: toApiPartialMember(member) } : {}),
  };
}

function withoutReference(world: World, message: Message): JsonObject {
  const thread =
    message.flags & MessageFlags.HasThread ? world.channels.get(message.id) : undefined;
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: toApiUser(message.author),
    // What people read in components is no content to programs.
    content: message.flags & MessageFlags.IsComponentsV2 ? "" : message.content,
    timestamp: iso(message.createdAt),
    edited_timestamp: isoOrNull(message.editedAt),
    tts: false,
    mention_everyone: message.mentionsEveryone,
    mentions: message.mentionedUserIds.map((id) => toApiMention(world, message, id)),
    mention_roles: message.mentionedRoleIds,
    attachments: message.attachments.map((file) => toApiAttachment(world, message.channelId, file)),
    embeds: message.embeds,
    ...(message.poll ? { poll: message.poll } : {}),
    components: message.components,
    pinned: message.pinnedAt !== null,
    flags: message.flags,
    ...(message.reactions.length > 0 ? { reactions: toApiReactions(world, message) } : {}),
    ...(message.webhookId ? { webhook_id: message.webhookId } : {}),
    ...(thread ? { thread: toApiChannel(thread, world.bot.id) } : {}),
    ...interactionFields(world, message),
  };
}

function toApiMention(world: World, message: Message, userId: Snowflake): JsonObject {
  const user = toApiUser(world.user(userId));
  const member = message.guildId && world.guild(message.guildId).members.get(userId);
  return member ? { ...user, member: toApiPartialMember(member) } : user;
}

function interactionFields(world: World, { interaction }: Message): JsonObject {
  if (!interaction) return {};
  return {
    application_id: world.application.id,
    interaction_metadata: {
      id: interaction.id,
      type: interaction.type,
      user: toApiUser(interaction.user),
      authorizing_integration_owners: interaction.owners,
    },
  };
}

function referenceFields(world: World, message: Message): JsonObject {
  const { reference } = message;
  if (!reference) return {};
  const target = world.channels.get(reference.channelId)?.messages.get(reference.messageId);
  const found = target && target.deletedAt === null ? withoutReference(world, target) : null;
  const message_reference = {
    type: reference.type,
    message_id: reference.messageId,
    channel_id: reference.channelId,
    ...(reference.guildId ? { guild_id: reference.guildId } : {}),
  };
  return reference.type === 1
    ? { message_reference, message_snapshots: found ? [{ message: found }] : [] }
    : { message_reference, referenced_message: found };
}

function toApiReactions(world: World, message: Message): JsonObject[] {
  return message.reactions.map(({ emoji, userIds }) => ({
    emoji: toApiEmoji(emoji),
    count: userIds.length,
    count_details: { burst: 0, normal: userIds.length },
    burst_colors: [],
    me: userIds.includes(world.bot.id),
    me_burst: false,
  }));
}

export function toApiEmoji(emoji: string): JsonObject {
  const custom = /^(\w+):(\d+)$/.exec(emoji);
  return custom ? { name: custom[1], id: custom[2], animated: false } : { name: emoji, id: null };
}

export function toApiAttachment(world: World, placeId: Snowflake, file: Attachment): JsonObject {
  const url = addressOf(world, placeId, file);
  return {
    id: file.id,
    filename: file.filename,
    size: file.sizeBytes,
    url,
    proxy_url: url,
    content_type: file.contentType,
    ...(file.durationSecs === null ? {} : { duration_secs: file.durationSecs, waveform: "AA==" }),
    ...(file.description === null ? {} : { description: file.description }),
  };
}

/** The address is signed and expires, like the real one; it is made anew each time it is shown. */
export function addressOf(
  world: World,
  placeId: Snowflake,
  { id, filename }: Pick<Attachment, "id" | "filename">,
): string {
  const { attachmentLifetimeMs, cdnBase } = world.options;
  const expiry = Math.floor((world.now() + attachmentLifetimeMs) / 1000).toString(16);
  const path = `/attachments/${placeId}/${id}/${encodeURIComponent(filename)}`;
  return `${cdnBase}${path}?ex=${expiry}&is=0&hm=${signature(world, id, expiry)}`;
}

export function signature(world: World, attachmentId: Snowflake, expiry: string): string {
  return createHash("sha256")
    .update(`${world.application.publicKey}:${attachmentId}:${expiry}`)
    .digest("hex");
}

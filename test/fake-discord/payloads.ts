import { createHash } from "node:crypto";

import { ChannelType, MessageFlags } from "discord-api-types/v10";

import type {
  Attachment,
  Channel,
  Guild,
  JsonObject,
  Member,
  Message,
  Role,
  Snowflake,
  User,
} from "./model.ts";
import { permissionsIn } from "./permissions.ts";
import type { World } from "./world.ts";

const iso = (ms: number): string => new Date(ms).toISOString().replace("Z", "000+00:00");
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function toApiUser(user: User): JsonObject {
  return {
    id: user.id,
    username: user.username,
    global_name: user.bot ? null : user.username,
    discriminator: user.bot ? "0001" : "0",
    avatar: null,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    public_flags: 0,
    ...(user.bot ? { bot: true } : {}),
  };
}

/** A member without its user: what MESSAGE_CREATE and `mentions` carry. */
export function toApiPartialMember(member: Member): JsonObject {
  return {
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: member.roleIds,
    joined_at: iso(member.joinedAt),
    premium_since: null,
    communication_disabled_until: isoOrNull(member.timedOutUntil),
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
  };
}

export function toApiMember(member: Member): JsonObject {
  return { ...toApiPartialMember(member), user: toApiUser(member.user) };
}

export function toApiRole(role: Role): JsonObject {
  return {
    id: role.id,
    name: role.name,
    permissions: String(role.permissions),
    position: role.position,
    mentionable: role.mentionable,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    managed: false,
    flags: 0,
  };
}

export function toApiChannel(channel: Channel, viewerId?: Snowflake): JsonObject {
  const lastMessageId = [...channel.messages.keys()].at(-1) ?? null;
  const common = { id: channel.id, type: channel.type, flags: 0, last_message_id: lastMessageId };
  if (channel.type === ChannelType.DM) {
    const others = channel.recipients.filter((user) => user.id !== viewerId);
    return { ...common, recipients: others.map(toApiUser) };
  }
  const inGuild = {
    ...common,
    guild_id: channel.guildId,
    name: channel.name,
    parent_id: channel.parentId,
    rate_limit_per_user: channel.slowmodeSeconds,
    last_pin_timestamp: isoOrNull(channel.lastPinAt),
  };
  return channel.thread
    ? { ...inGuild, ...threadFields(channel, channel.thread, viewerId) }
    : { ...inGuild, ...guildChannelFields(channel) };
}

function guildChannelFields(channel: Channel): JsonObject {
  const overwrites = [...channel.overwrites].map(([id, { type, allow, deny }]) => ({
    id,
    type,
    allow: String(allow),
    deny: String(deny),
  }));
  return {
    topic: channel.topic,
    position: channel.position,
    nsfw: channel.nsfw,
    permission_overwrites: overwrites,
    ...(channel.type === ChannelType.GuildForum
      ? {
          available_tags: channel.tags,
          default_reaction_emoji: null,
          default_sort_order: null,
          default_forum_layout: 0,
        }
      : {}),
  };
}

function threadFields(
  channel: Channel,
  thread: NonNullable<Channel["thread"]>,
  viewerId: Snowflake | undefined,
): JsonObject {
  const isInside = viewerId !== undefined && thread.memberIds.has(viewerId);
  return {
    owner_id: thread.ownerId,
    message_count: thread.totalMessages,
    total_message_sent: thread.totalMessages,
    member_count: thread.memberIds.size,
    applied_tags: channel.appliedTagIds,
    thread_metadata: {
      archived: thread.archived,
      locked: thread.locked,
      auto_archive_duration: thread.autoArchiveMinutes,
      archive_timestamp: iso(thread.archivedAt),
      create_timestamp: iso(channel.createdAt),
      ...(channel.type === ChannelType.PrivateThread ? { invitable: thread.invitable } : {}),
    },
    ...(isInside ? { member: toApiThreadMember(channel, viewerId) } : {}),
  };
}

export function toApiThreadMember(channel: Channel, userId: Snowflake): JsonObject {
  return { id: channel.id, user_id: userId, join_timestamp: iso(channel.createdAt), flags: 0 };
}

export function toApiGuild(guild: Guild): JsonObject {
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    roles: [...guild.roles.values()].map(toApiRole),
    emojis: [],
    stickers: [],
    features: [],
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    application_id: null,
    vanity_url_code: null,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: "en-US",
    hub_type: null,
    incidents_data: null,
  };
}

/**
 * GUILD_CREATE: every channel, even those the bot cannot see, but only threads that it can.
 * Without the presence intent Discord sends no members but the bot itself.
 */
export function toApiGuildCreate(world: World, guild: Guild): JsonObject {
  const channels = world.channelsOf(guild.id);
  const self = guild.members.get(world.bot.id);
  return {
    ...toApiGuild(guild),
    joined_at: iso(self?.joinedAt ?? world.now()),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: self ? [toApiMember(self)] : [],
    channels: channels.filter((channel) => !channel.thread).map((channel) => toApiChannel(channel)),
    threads: channels
      .filter((channel) => channel.thread && !channel.thread.archived)
      .filter((channel) => permissionsIn(world, world.bot.id, channel) !== 0n)
      .map((channel) => toApiChannel(channel, world.bot.id)),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

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
    content: message.content,
    timestamp: iso(message.createdAt),
    edited_timestamp: isoOrNull(message.editedAt),
    tts: false,
    mention_everyone: message.mentionsEveryone,
    mentions: message.mentionedUserIds.map((id) => toApiMention(world, message, id)),
    mention_roles: message.mentionedRoleIds,
    attachments: message.attachments.map((file) => toApiAttachment(world, message.channelId, file)),
    embeds: message.embeds,
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
      authorizing_integration_owners: {},
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

/** The address is signed and expires, like the real one; it is made anew each time it is shown. */
export function toApiAttachment(world: World, placeId: Snowflake, file: Attachment): JsonObject {
  const expiresAt = Math.floor((world.now() + world.options.attachmentLifetimeMs) / 1000);
  const path = `/attachments/${placeId}/${file.id}/${encodeURIComponent(file.filename)}`;
  const ex = expiresAt.toString(16);
  const url = `${world.options.cdnBase()}${path}?ex=${ex}&is=0&hm=${signature(world, file.id, ex)}`;
  return {
    id: file.id,
    filename: file.filename,
    size: file.sizeBytes,
    url,
    proxy_url: url,
    content_type: file.contentType,
    ...(file.description === null ? {} : { description: file.description }),
  };
}

export function signature(world: World, attachmentId: Snowflake, expiry: string): string {
  return createHash("sha256")
    .update(`${world.application.publicKey}:${attachmentId}:${expiry}`)
    .digest("hex");
}

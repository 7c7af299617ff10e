import { ChannelType } from "discord-api-types/v10";

import type { Channel, Guild, JsonObject, Member, Role, Snowflake, User } from "../world/model.ts";
import { permissionsIn } from "../world/permissions.ts";
import type { World } from "../world/world.ts";

export const iso = (ms: number): string => new Date(ms).toISOString().replace("Z", "000+00:00");
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

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
  const { id, type, lastMessageId } = channel;
  const common = { id, type, flags: 0, last_message_id: lastMessageId };
  if (channel.type === ChannelType.DM) {
    const others = channel.recipients.filter((user) => user.id !== viewerId);
    return { ...common, recipients: others.map(toApiUser) };
  }
  if (channel.type === ChannelType.GroupDM)
    return { ...common, name: channel.name, recipients: channel.recipients.map(toApiUser) };
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

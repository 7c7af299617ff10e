import { ChannelType, PermissionFlagsBits as P } from "discord-api-types/v10";

import { missingAccess, missingPermissions } from "./errors.ts";
import type { Channel, Guild, Member, Snowflake } from "./model.ts";
import type { World } from "./world.ts";

export type PermissionName = keyof typeof P;

const ALL_PERMISSIONS = Object.values(P).reduce((all, bit) => all | bit, 0n);

/** What a fresh server gives @everyone. */
export const DEFAULT_PERMISSIONS = bits(
  "ViewChannel",
  "SendMessages",
  "SendMessagesInThreads",
  "CreatePublicThreads",
  "CreatePrivateThreads",
  "EmbedLinks",
  "AttachFiles",
  "AddReactions",
  "ReadMessageHistory",
  "SendPolls",
  "UseApplicationCommands",
  "UseExternalApps",
);

const DM_PERMISSIONS = bits(
  "ViewChannel",
  "SendMessages",
  "EmbedLinks",
  "AttachFiles",
  "AddReactions",
  "ReadMessageHistory",
  "PinMessages",
);

const TIMED_OUT_PERMISSIONS = P.ViewChannel | P.ReadMessageHistory;

// Without SEND_MESSAGES these mean nothing. https://discord.com/developers/docs/topics/permissions#implicit-permissions
const NEEDS_SENDING = bits("MentionEveryone", "SendTTSMessages", "AttachFiles", "EmbedLinks");

export function bits(...names: readonly PermissionName[]): bigint {
  return names.reduce((all, name) => all | P[name], 0n);
}

/** What a member may do in the guild, before any channel has its say. */
export function guildPermissions(guild: Guild, member: Member): bigint {
  if (guild.ownerId === member.user.id) return ALL_PERMISSIONS;
  const everyone = guild.roles.get(guild.id)?.permissions ?? 0n;
  const own = member.roleIds.reduce(
    (all, id) => all | (guild.roles.get(id)?.permissions ?? 0n),
    0n,
  );
  const base = everyone | own;
  return base & P.Administrator ? ALL_PERMISSIONS : base;
}

/** What a user may do in a channel, by Discord's rules; 0n for someone who is not there. */
export function permissionsIn(world: World, userId: Snowflake, channel: Channel): bigint {
  if (channel.guildId === null) {
    return channel.recipients.some((user) => user.id === userId) ? DM_PERMISSIONS : 0n;
  }
  const guild = world.guild(channel.guildId);
  const member = guild.members.get(userId);
  if (!member) return 0n;

  const base = guildPermissions(guild, member);
  if (base === ALL_PERMISSIONS) return base;

  const parent = channel.thread ? world.channel(channel.parentId ?? channel.id) : channel;
  const inParent = withOverwrites(base, guild, member, parent);
  const here = channel.thread ? inThread(inParent, userId, channel) : inParent;
  const allowed = withImplicitDenials(here);
  return isTimedOut(world, member) ? allowed & TIMED_OUT_PERMISSIONS : allowed;
}

export function can(
  world: World,
  userId: Snowflake,
  channel: Channel,
  ...names: readonly PermissionName[]
): boolean {
  const needed = bits(...names);
  return (permissionsIn(world, userId, channel) & needed) === needed;
}

/** Throws 50001 for a channel one cannot see, 50013 for a thing one may not do there. */
export function requirePermission(
  world: World,
  userId: Snowflake,
  channel: Channel,
  ...names: readonly PermissionName[]
): void {
  if (!can(world, userId, channel, "ViewChannel")) throw missingAccess();
  if (!can(world, userId, channel, ...names)) throw missingPermissions();
}

// Order matters: @everyone, then all roles together, then the member. The last one wins.
function withOverwrites(base: bigint, guild: Guild, member: Member, channel: Channel): bigint {
  const everyone = channel.overwrites.get(guild.id);
  const roles = member.roleIds.map((id) => channel.overwrites.get(id));
  const deny = roles.reduce((all, overwrite) => all | (overwrite?.deny ?? 0n), 0n);
  const allow = roles.reduce((all, overwrite) => all | (overwrite?.allow ?? 0n), 0n);
  const own = channel.overwrites.get(member.user.id);

  let result = (base & ~(everyone?.deny ?? 0n)) | (everyone?.allow ?? 0n);
  result = (result & ~deny) | allow;
  return (result & ~(own?.deny ?? 0n)) | (own?.allow ?? 0n);
}

function withImplicitDenials(permissions: bigint): bigint {
  if (!(permissions & P.ViewChannel)) return 0n;
  return permissions & P.SendMessages ? permissions : permissions & ~NEEDS_SENDING;
}

// Threads inherit from their parent, but speaking in them is a permission of its own.
function inThread(parent: bigint, userId: Snowflake, channel: Channel): bigint {
  const isPrivate = channel.type === ChannelType.PrivateThread;
  const isInside = channel.thread?.memberIds.has(userId) || (parent & P.ManageThreads) !== 0n;
  if (isPrivate && !isInside) return 0n;
  return parent & P.SendMessagesInThreads ? parent | P.SendMessages : parent & ~P.SendMessages;
}

function isTimedOut(world: World, member: Member): boolean {
  return member.timedOutUntil !== null && member.timedOutUntil > world.now();
}

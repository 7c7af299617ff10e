import type { BaseInteraction } from "discord.js";
import { PermissionFlagsBits } from "discord-api-types/v10";
import type { Conversation } from "../../core/message.ts";
import type { Principal, Scope, Via } from "../../core/principal.ts";
import type { CommandContext } from "../commands/define-command.ts";
import { toConversation } from "../conversation.ts";
import { toPlain } from "../plain.ts";
import { toGuildId, toUserId, type Snowflake } from "../snowflake.ts";

const CHANNEL_MANAGERS = PermissionFlagsBits.ManageChannels | PermissionFlagsBits.Administrator;
const GUILD_ADMINS = PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator;

export interface ContextDeps {
  readonly adminRoleId: Snowflake | null;
  readonly isOperator: (userId: Snowflake, signal: AbortSignal) => Promise<boolean>;
}

/** Who it is, and where. null when Discord does not say where it was. */
export async function contextOf(
  { adminRoleId, isOperator }: ContextDeps,
  interaction: BaseInteraction,
  via: Via,
  signal: AbortSignal,
): Promise<CommandContext | null> {
  const conversation = placeOf(interaction);
  if (!conversation) return null;
  const { user, memberPermissions, guildId, locale } = interaction;
  const roleIds = rolesOf(interaction);
  const permissions = memberPermissions?.bitfield ?? 0n;
  const principal: Principal = {
    platform: "discord",
    userId: toUserId(user.id),
    displayName: toPlain(user.displayName),
    guildId: guildId === null ? null : toGuildId(guildId),
    roleIds,
    permissions,
    via,
  };
  const scope: Scope = { principal, audience: conversation.audience };
  const isInGuild = guildId !== null;
  const holdsAdminRole = adminRoleId !== null && roleIds.includes(adminRoleId);
  return {
    scope,
    conversation,
    isChannelManager: isInGuild && ((permissions & CHANNEL_MANAGERS) !== 0n || holdsAdminRole),
    isGuildAdmin: isInGuild && ((permissions & GUILD_ADMINS) !== 0n || holdsAdminRole),
    isOperator: await isOperator(user.id, signal),
    locale,
    signal,
  };
}

function rolesOf({ member }: BaseInteraction): readonly string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}

function placeOf({ channel, user, guildId }: BaseInteraction): Conversation | null {
  if (channel === null) return null;
  const name =
    "name" in channel && typeof channel.name === "string" ? channel.name : user.displayName;
  const parentId = "parentId" in channel ? channel.parentId : null;
  return toConversation({ id: channel.id, type: channel.type, guildId, parentId, name }, user.id);
}

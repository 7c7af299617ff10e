import type { BaseInteraction, User } from "discord.js";
import { ChannelType, InteractionContextType, PermissionFlagsBits } from "discord-api-types/v10";
import type { Conversation } from "../../core/message.ts";
import type { Principal, Scope, Via } from "../../core/principal.ts";
import type { CommandContext } from "../commands/define-command.ts";
import { toConversation } from "../conversation.ts";
import type { OpenDm } from "../open-dm.ts";
import { toPlain } from "../plain.ts";
import { toGuildId, toUserId, type Snowflake } from "../snowflake.ts";

const CHANNEL_MANAGERS = PermissionFlagsBits.ManageChannels | PermissionFlagsBits.Administrator;
const GUILD_ADMINS = PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator;

export interface ContextDeps {
  readonly adminRoleId: Snowflake | null;
  readonly isOperator: (userId: Snowflake, signal: AbortSignal) => Promise<boolean>;
  readonly openDm: OpenDm;
}

/**
 * True where somebody uses her by an installation on his own account, in a place where she is not: she is no member
 * there, hears of the interaction only, and whoever manages that place is nobody to her.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-authorizing-integration-owners-object
 */
function isCarried({
  context,
  guildId,
  authorizingIntegrationOwners: owners,
}: BaseInteraction): boolean {
  if (context === InteractionContextType.PrivateChannel) return true;
  return guildId !== null && owners.guildId === null && owners.userId !== null;
}

/** Who it is, and where. null when Discord does not say where it was. */
export async function contextOf(
  { adminRoleId, isOperator, openDm }: ContextDeps,
  interaction: BaseInteraction,
  via: Via,
  signal: AbortSignal,
): Promise<CommandContext | null> {
  const { user, locale } = interaction;
  const isAway = isCarried(interaction);
  const conversation = isAway ? dmOf(user, await openDm(user.id, signal)) : placeOf(interaction);
  if (!conversation) return null;
  // Roles and rights of a place where she is not say nothing to her.
  const guildId = isAway ? null : interaction.guildId;
  const roleIds = isAway ? [] : rolesOf(interaction);
  const permissions = isAway ? 0n : (interaction.memberPermissions?.bitfield ?? 0n);
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
    isCarried: isAway,
    locale,
    signal,
  };
}

function rolesOf({ member }: BaseInteraction): readonly string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}

const dmOf = ({ id: personId, displayName: name }: User, id: Snowflake): Conversation =>
  toConversation({ id, type: ChannelType.DM, guildId: null, parentId: null, name }, personId);

function placeOf({ channel, user, guildId }: BaseInteraction): Conversation | null {
  if (channel === null) return null;
  const name =
    "name" in channel && typeof channel.name === "string" ? channel.name : user.displayName;
  const parentId = "parentId" in channel ? channel.parentId : null;
  return toConversation({ id: channel.id, type: channel.type, guildId, parentId, name }, user.id);
}

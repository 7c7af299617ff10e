import type { Interaction } from "../world/interactions.ts";
import { contextOf } from "../world/installations.ts";
import type { Channel, JsonObject, User } from "../world/model.ts";
import { permissionsIn } from "../world/permissions.ts";
import type { World } from "../world/world.ts";
import { toApiChannel, toApiMember, toApiUser } from "./guild.ts";
import { toApiMessage } from "./message.ts";

const ATTACHMENT_LIMIT_BYTES = 10 * 1024 * 1024;

/** INTERACTION_CREATE: unlike a message it carries the permissions of the person and of the bot. */
export function toApiInteraction(world: World, interaction: Interaction): JsonObject {
  const { id, token, type, user, channel, data, owners, source } = interaction;
  const { application, bot } = world;
  const permissions = (who: User) => String(permissionsIn(world, who.id, channel));
  return {
    id,
    application_id: application.id,
    type,
    token,
    version: 1,
    data,
    channel_id: channel.id,
    channel: { ...toApiChannel(channel, bot.id), permissions: permissions(user) },
    ...askerFields(world, user, channel),
    ...(source ? { message: toApiMessage(world, source) } : {}),
    app_permissions: permissions(bot),
    locale: "en-US",
    entitlements: [],
    authorizing_integration_owners: owners,
    context: contextOf(world, channel),
    attachment_size_limit: ATTACHMENT_LIMIT_BYTES,
  };
}

function askerFields(world: World, user: User, channel: Channel): JsonObject {
  const guild = channel.guildId === null ? undefined : world.guild(channel.guildId);
  const member = guild?.members.get(user.id);
  if (!guild || !member) return { user: toApiUser(user) };
  const permissions = String(permissionsIn(world, user.id, channel));
  return {
    guild_id: guild.id,
    guild: { id: guild.id, locale: "en-US", features: [] },
    guild_locale: "en-US",
    member: { ...toApiMember(member), permissions },
  };
}

import { PermissionFlagsBits as P } from "discord-api-types/v10";

import type { Channel, Command, IntegrationOwners, Message, User } from "./model.ts";
import { permissionsIn } from "./permissions.ts";
import type { World } from "./world.ts";

const GUILD_INSTALL = 0;
const USER_INSTALL = 1;

/** 0 is a server, 1 a DM with the app, 2 any other private place. */
export function contextOf(world: World, { guildId, recipients }: Channel): 0 | 1 | 2 {
  if (guildId !== null) return 0;
  return recipients.includes(world.bot) ? 1 : 2;
}

/** The installations by which this person could use the app here. */
function installationsFor(world: World, user: User, channel: Channel): IntegrationOwners {
  const context = contextOf(world, channel);
  const { guildId } = channel;
  const isHere = guildId !== null && world.guild(guildId).members.has(world.bot.id);
  return {
    ...(context === 1 ? { 0: "0" } : {}),
    ...(isHere ? { 0: guildId } : {}),
    ...(world.userInstalls.has(user.id) ? { 1: user.id } : {}),
  };
}

/** Those of them that the command supports. */
export function ownersOf(
  world: World,
  user: User,
  channel: Channel,
  { integration_types: types }: Pick<Command, "integration_types">,
): IntegrationOwners {
  const { 0: guild, 1: person } = installationsFor(world, user, channel);
  const supported: readonly number[] = types ?? [GUILD_INSTALL];
  return {
    ...(guild !== undefined && supported.includes(GUILD_INSTALL) ? { 0: guild } : {}),
    ...(person !== undefined && supported.includes(USER_INSTALL) ? { 1: person } : {}),
  };
}

/** A component belongs to the installation that its message came by, whoever presses it. */
export function ownersOfMessage(channel: Channel, message: Message): IntegrationOwners {
  return message.interaction?.owners ?? { 0: channel.guildId ?? "0" };
}

/** In a server, answers by a person's own installation are shown to him alone where he may not use external apps. */
export function isHiddenFromOthers(
  world: World,
  user: User,
  channel: Channel,
  owners: IntegrationOwners,
): boolean {
  if (channel.guildId === null || owners[0] !== undefined) return false;
  return (permissionsIn(world, user.id, channel) & P.UseExternalApps) === 0n;
}

import type { Actor } from "./actors.ts";
import type { Interactions } from "./interactions.ts";
import type { Channel, User } from "./model.ts";
import type { Place } from "./places.ts";
import type { World } from "./world.ts";

/** What actors and places share: the world, and the way to each other. */
export interface Stage {
  readonly world: World;
  readonly interactions: Interactions;
  actor(user: User): Actor;
  place(channel: Channel): Place;
  /** By id or by name, in any case; throws when there is none. */
  findUser(idOrName: string): User;
  /** By id, or by name, with or without `#`; throws when there is none. */
  findChannel(idOrName: string): Channel;
}

/** Writes `@Clara`, `@Moderator` and `#general` as Discord's client would send them. */
export function asTyped({ world }: Stage, channel: Channel, text: string): string {
  const guild = channel.guildId === null ? undefined : world.guild(channel.guildId);
  const users = guild ? [...guild.members.values()].map(({ user }) => user) : channel.recipients;
  const names = [
    ...users.map(({ username, id }) => [`@${username}`, `<@${id}>`] as const),
    ...[...(guild?.roles.values() ?? [])]
      .filter(({ id }) => id !== guild?.id)
      .map(({ name, id }) => [`@${name}`, `<@&${id}>`] as const),
    ...(guild ? world.channelsOf(guild.id) : []).map(
      ({ name, id }) => [`#${name}`, `<#${id}>`] as const,
    ),
  ];
  return names.reduce((typed, [name, code]) => typed.replace(nameInText(name), code), text);
}

function nameInText(name: string): RegExp {
  return new RegExp(`(?<![\\w<])${RegExp.escape(name)}(?![\\w-])`, "gi");
}

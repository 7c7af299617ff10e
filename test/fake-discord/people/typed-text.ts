import type { Channel } from "../world/model.ts";
import type { World } from "../world/world.ts";

/** Writes `@Clara`, `@Moderator` and `#general` as Discord's client would send them. */
export function asTyped(world: World, channel: Channel, text: string): string {
  const lower = text.toLowerCase();
  const names = [
    ...(text.includes("@") ? peopleAndRoles(world, channel) : []),
    ...(text.includes("#") ? channels(world, channel) : []),
  ];
  return names
    .filter(([name]) => lower.includes(name.toLowerCase()))
    .reduce((typed, [name, code]) => typed.replace(inText(name), code), text);
}

type Name = readonly [shown: string, sent: string];

function peopleAndRoles(world: World, channel: Channel): Name[] {
  const guild = channel.guildId === null ? undefined : world.guild(channel.guildId);
  const users = guild ? [...guild.members.values()].map(({ user }) => user) : channel.recipients;
  const roles = [...(guild?.roles.values() ?? [])].filter(({ id }) => id !== guild?.id);
  return [
    ...users.map(({ username, id }): Name => [`@${username}`, `<@${id}>`]),
    ...roles.map(({ name, id }): Name => [`@${name}`, `<@&${id}>`]),
  ];
}

function channels(world: World, { guildId }: Channel): Name[] {
  const all = guildId === null ? [] : world.channelsOf(guildId);
  return all.map(({ name, id }): Name => [`#${name}`, `<#${id}>`]);
}

function inText(name: string): RegExp {
  return new RegExp(`(?<![\\w<])${RegExp.escape(name)}(?![\\w-])`, "gi");
}

/** The other way: a text as people read it, with names for mentions. */
export function asRead(world: World, text: string): string {
  const names: Readonly<Record<string, (id: string) => string | undefined>> = {
    "@": (id) => world.users.get(id)?.username,
    "@!": (id) => world.users.get(id)?.username,
    "@&": (id) => roleNamed(world, id),
    "#": (id) => world.channels.get(id)?.name,
  };
  return text.replace(/<(@[!&]?|#)(\d+)>/g, (code, kind: string, id: string) => {
    const name = names[kind]?.(id);
    return name === undefined ? code : `${kind.slice(0, 1)}${name}`;
  });
}

function roleNamed(world: World, id: string): string | undefined {
  const guild = [...world.guilds.values()].find(({ roles }) => roles.has(id));
  return guild?.roles.get(id)?.name;
}

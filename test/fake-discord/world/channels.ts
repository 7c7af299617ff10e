import { toApiChannel } from "../payloads/guild.ts";
import type { Channel, Overwrite } from "./model.ts";
import type { World } from "./world.ts";

/** Takes a channel out of the world, with its threads. */
export function removeChannel(world: World, channel: Channel): void {
  const threads = [...world.channels.values()].filter(({ parentId }) => parentId === channel.id);
  for (const thread of threads) removeChannel(world, thread);
  world.channels.delete(channel.id);
  const { id, type, guildId: guild_id, parentId: parent_id } = channel;
  const t = channel.thread ? "THREAD_DELETE" : "CHANNEL_DELETE";
  const d = channel.thread ? { id, type, guild_id, parent_id } : toApiChannel(channel);
  world.emit({ t, d, guildId: channel.guildId });
}

export function setOverwrite(
  world: World,
  channel: Channel,
  id: string,
  overwrite: Overwrite,
): void {
  channel.overwrites.set(id, overwrite);
  world.emit({ t: "CHANNEL_UPDATE", d: toApiChannel(channel), guildId: channel.guildId });
}

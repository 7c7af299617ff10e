import { toMessageEvent } from "../payloads/message.ts";
import type { JsonObject, Message } from "./model.ts";
import type { World } from "./world.ts";

/** Tells of a new message. One that only a single person sees goes to no gateway. */
export function announceNew(world: World, message: Message): void {
  if (message.onlyFor !== null) return world.changed();
  announceIn(world, "MESSAGE_CREATE", message, toMessageEvent(world, message, true));
}

export function announceUpdate(world: World, message: Message): void {
  if (message.onlyFor !== null) return world.changed();
  announceIn(world, "MESSAGE_UPDATE", message, toMessageEvent(world, message, false));
}

export function announceGone(world: World, message: Message): void {
  if (message.onlyFor !== null) return world.changed();
  const { id, channelId: channel_id, guildId } = message;
  const d = { id, channel_id, ...(guildId ? { guild_id: guildId } : {}) };
  announceIn(world, "MESSAGE_DELETE", message, d);
}

function announceIn(world: World, t: string, { guildId, channelId }: Message, d: JsonObject): void {
  world.emit({ t, d, guildId, channelId });
}

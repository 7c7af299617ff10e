import { announceGone } from "./announce.ts";
import { DiscordError } from "./errors.ts";
import type { Channel, Message, Snowflake, User } from "./model.ts";
import { requirePermission } from "./permissions.ts";
import type { World } from "./world.ts";

/** Deletes one message; anyone may delete their own. */
export function deleteMessage(world: World, actor: User, message: Message): void {
  const channel = world.channel(message.channelId);
  if (message.author.id !== actor.id) {
    if (channel.guildId === null) {
      throw new DiscordError(403, 50_003, "Cannot execute action on a DM channel");
    }
    requirePermission(world, actor.id, channel, "ManageMessages");
  }
  removeMessage(world, message);
}

/** Takes a message away without asking who may. */
export function removeMessage(world: World, message: Message): void {
  message.deletedAt = world.now();
  world.ephemeral.delete(message.id);
  world.channels.get(message.channelId)?.messages.delete(message.id);
  announceGone(world, message);
}

/** Deletes many at once, with one event for all. Unknown ids are passed over. */
export function deleteMessages(world: World, channel: Channel, ids: readonly Snowflake[]): void {
  const found = ids.map((id) => channel.messages.get(id)).filter((one) => one !== undefined);
  for (const message of found) {
    message.deletedAt = world.now();
    channel.messages.delete(message.id);
  }
  world.emit({
    t: "MESSAGE_DELETE_BULK",
    d: { ids: found.map(({ id }) => id), channel_id: channel.id, guild_id: channel.guildId },
    guildId: channel.guildId,
    channelId: channel.id,
  });
}

import { toApiMember } from "../payloads/guild.ts";
import type { Channel, User } from "./model.ts";
import { requirePermission } from "./permissions.ts";
import type { World } from "./world.ts";

/** Shows "... is typing" for what on Discord would be ten seconds. */
export function startTyping(world: World, user: User, channel: Channel): void {
  requirePermission(world, user.id, channel, "SendMessages");
  world.noteTyping(user.id, channel.id);
  const member =
    channel.guildId === null ? undefined : world.guild(channel.guildId).members.get(user.id);
  world.emit({
    t: "TYPING_START",
    d: {
      channel_id: channel.id,
      user_id: user.id,
      timestamp: Math.floor(world.now() / 1000),
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
      ...(member ? { member: toApiMember(member) } : {}),
    },
    guildId: channel.guildId,
    channelId: channel.id,
  });
}

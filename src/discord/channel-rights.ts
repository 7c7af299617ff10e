import type { Guild, GuildBasedChannel } from "discord.js";
import { z } from "zod";
import type { ChannelRights, Holder } from "./permissions.ts";
import type { Snowflake } from "./snowflake.ts";

/** As Discord writes permissions: more bits than a number has. */
const bits = z.string().regex(/^\d+$/).transform(BigInt);

/** What REST says of a server. */
export const wireGuild = z.object({
  owner_id: z.string(),
  roles: z.array(z.object({ id: z.string(), permissions: bits })),
});

/** What REST says of a channel or a thread. */
export const wireChannel = z.object({
  id: z.string(),
  type: z.number(),
  name: z.string().nullish(),
  parent_id: z.string().nullish(),
  permission_overwrites: z.array(z.object({ id: z.string(), allow: bits, deny: bits })).nullish(),
});

export type WireGuild = z.infer<typeof wireGuild>;
export type WireChannel = z.infer<typeof wireChannel>;

/** From what REST said; `ruling` is the channel, or the parent of the thread. */
export function rightsByRest(
  guildId: Snowflake,
  guild: WireGuild,
  ruling: WireChannel,
): ChannelRights {
  const roles = new Map(guild.roles.map(({ id, permissions }) => [id, permissions]));
  const overwrites = new Map((ruling.permission_overwrites ?? []).map((each) => [each.id, each]));
  return {
    guildId,
    ownerId: guild.owner_id,
    ofRole: (id) => roles.get(id) ?? 0n,
    overwriteOf: (id) => overwrites.get(id),
  };
}

/** From what the gateway told us and keeps up to date. */
export function rightsByGateway(guild: Guild, channel: GuildBasedChannel): ChannelRights {
  const ruling = channel.isThread() ? channel.parent : channel;
  return {
    guildId: guild.id,
    ownerId: guild.ownerId,
    ofRole: (id) => guild.roles.cache.get(id)?.permissions.bitfield ?? 0n,
    overwriteOf(id) {
      const overwrite = ruling?.permissionOverwrites.cache.get(id);
      return overwrite && { allow: overwrite.allow.bitfield, deny: overwrite.deny.bitfield };
    },
  };
}

/** Clara herself, as the gateway told it; null while she is no member of the server. */
export function selfIn(guild: Guild): Holder | null {
  const me = guild.members.me;
  if (!me) return null;
  const { id: userId, roles } = me;
  const roleIds = [...roles.cache.keys()].filter((id) => id !== guild.id);
  return { userId, roleIds, timedOut: me.isCommunicationDisabled() };
}

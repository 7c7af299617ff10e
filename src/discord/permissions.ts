import { PermissionFlagsBits } from "discord-api-types/v10";
import type { Snowflake } from "./snowflake.ts";

export interface Overwrite {
  readonly allow: bigint;
  readonly deny: bigint;
}

/** What decides on permissions in one channel; for a thread the overwrites are those of its parent. */
export interface ChannelRights {
  readonly guildId: Snowflake;
  readonly ownerId: Snowflake;
  /** By role; the role with the guild's own id is everybody's. */
  readonly ofRole: (roleId: Snowflake) => bigint;
  /** By role or member id; undefined where the channel says nothing about it. */
  readonly overwriteOf: (id: Snowflake) => Overwrite | undefined;
}

export interface Holder {
  readonly userId: Snowflake;
  readonly roleIds: readonly Snowflake[];
  readonly timedOut: boolean;
}

const ALL = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);
const WHILE_TIMED_OUT = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;

/**
 * What a member may do in a channel, by Discord's order: everybody's overwrite, then those of all roles together, then
 * the member's own. https://docs.discord.com/developers/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  rights: ChannelRights,
  { userId, roleIds, timedOut }: Holder,
): bigint {
  if (userId === rights.ownerId) return ALL;
  const base = [rights.guildId, ...roleIds].reduce((all, id) => all | rights.ofRole(id), 0n);
  if (base & PermissionFlagsBits.Administrator) return ALL;

  const forRoles = together(roleIds.map(rights.overwriteOf));
  const steps = [rights.overwriteOf(rights.guildId), forRoles, rights.overwriteOf(userId)];
  const allowed = steps.reduce(
    (bits, step) => (step ? (bits & ~step.deny) | step.allow : bits),
    base,
  );
  if (!(allowed & PermissionFlagsBits.ViewChannel)) return 0n;
  return timedOut ? allowed & WHILE_TIMED_OUT : allowed;
}

const together = (overwrites: readonly (Overwrite | undefined)[]): Overwrite =>
  overwrites.reduce<Overwrite>(
    (all, one) => (one ? { allow: all.allow | one.allow, deny: all.deny | one.deny } : all),
    { allow: 0n, deny: 0n },
  );

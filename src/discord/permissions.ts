import { PermissionFlagsBits, type ChannelType } from "discord-api-types/v10";
import { isThread } from "./conversation.ts";
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
const READING = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;
const WHILE_TIMED_OUT = READING;

/** Whether these bits let somebody read what was said before. */
export const mayRead = (bits: bigint): boolean => (bits & READING) === READING;

/** The right to write in a place of that kind. */
export const sendingIn = (type: ChannelType): bigint =>
  isThread(type) ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages;

/**
 * What a member may do in a channel, by Discord's order: everybody's overwrite, then those of all roles together, then
 * the member's own. https://docs.discord.com/developers/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  rights: ChannelRights,
  { userId, roleIds, timedOut }: Holder,
): bigint {
  const base = baseOf(rights, { userId, roleIds });
  if (base === ALL) return ALL;

  const forRoles = together(roleIds.map(rights.overwriteOf));
  const steps = [rights.overwriteOf(rights.guildId), forRoles, rights.overwriteOf(userId)];
  const allowed = steps.reduce(
    (bits, step) => (step ? (bits & ~step.deny) | step.allow : bits),
    base,
  );
  if (!(allowed & PermissionFlagsBits.ViewChannel)) return 0n;
  return timedOut ? allowed & WHILE_TIMED_OUT : allowed;
}

/** Why somebody lacks a right in a channel. Both may be true: then the one thing does not help without the other. */
export interface Lack {
  /** No role of his gives it. */
  readonly byNoRole: boolean;
  /** Whose overwrite in the channel takes it away, also where a role gives it. */
  readonly takenFrom: Taken | null;
}

export type Taken =
  | { readonly kind: "everybody" }
  | { readonly kind: "role"; readonly roleId: Snowflake }
  | { readonly kind: "member" };

/** null where he has it. Looks at this right alone: without ViewChannel none counts, and a timeout leaves few. */
export function lackOf(
  rights: ChannelRights,
  { userId, roleIds }: Pick<Holder, "userId" | "roleIds">,
  bit: bigint,
): Lack | null {
  const base = baseOf(rights, { userId, roleIds });
  if (base === ALL) return null;
  const wordOf = (overwrite: Overwrite | undefined): "takes" | "gives" | null => {
    if (!overwrite) return null;
    if (overwrite.allow & bit) return "gives";
    return overwrite.deny & bit ? "takes" : null;
  };
  const roleId = roleIds.find((id) => wordOf(rights.overwriteOf(id)) === "takes");
  const words: readonly (readonly ["takes" | "gives" | null, Taken])[] = [
    [wordOf(rights.overwriteOf(userId)), { kind: "member" }],
    [wordOf(together(roleIds.map(rights.overwriteOf))), { kind: "role", roleId: roleId ?? "" }],
    [wordOf(rights.overwriteOf(rights.guildId)), { kind: "everybody" }],
  ];
  // The last word in Discord's order is the one that counts.
  const last = words.find(([word]) => word !== null);
  const byNoRole = (base & bit) === 0n;
  if (last?.[0] === "gives" || (!last && !byNoRole)) return null;
  return { byNoRole, takenFrom: last?.[1] ?? null };
}

/** What the server gives, before any channel has its say; all of it for owners and administrators. */
function baseOf(rights: ChannelRights, { userId, roleIds }: Omit<Holder, "timedOut">): bigint {
  if (userId === rights.ownerId) return ALL;
  const base = [rights.guildId, ...roleIds].reduce((all, id) => all | rights.ofRole(id), 0n);
  return base & PermissionFlagsBits.Administrator ? ALL : base;
}

const together = (overwrites: readonly (Overwrite | undefined)[]): Overwrite =>
  overwrites.reduce<Overwrite>(
    (all, one) => (one ? { allow: all.allow | one.allow, deny: all.deny | one.deny } : all),
    { allow: 0n, deny: 0n },
  );

import type { ConversationId, GuildId, UserId } from "./ids.ts";

export type Platform = "discord" | "web" | "terminal";

/** Which way a person came in. */
export type Via = "message" | "command" | "component" | "playground" | "terminal" | "job";

/**
 * Who asks. Made once from the platform's own event, never from anything a model or a person wrote.
 * `displayName` is for reading only and decides nothing.
 */
export interface Principal {
  readonly platform: Platform;
  readonly userId: UserId;
  readonly displayName: string;
  readonly guildId: GuildId | null;
  readonly roleIds: readonly string[];
  /** Discord's permission bits in the channel where the person spoke; 0n elsewhere. */
  readonly permissions: bigint;
  readonly via: Via;
}

/** Discord's ADMINISTRATOR, MANAGE_CHANNELS and MANAGE_MESSAGES. https://docs.discord.com/developers/topics/permissions */
const MANAGER_BITS = 0x8n | 0x10n | 0x2000n;

/** True for those who keep order in the guild where they speak. Nobody manages a private place. */
export const isManager = ({ guildId, permissions }: Principal): boolean =>
  guildId !== null && (permissions & MANAGER_BITS) !== 0n;

/** Discord's ADMINISTRATOR and MANAGE_GUILD. */
const ADMIN_BITS = 0x8n | 0x20n;

/** True for those who may change how things are done in the guild where they speak. */
export const isGuildAdmin = ({ guildId, permissions }: Principal): boolean =>
  guildId !== null && (permissions & ADMIN_BITS) !== 0n;

/** Who reads what appears in a place. */
export type Audience =
  | { readonly kind: "private"; readonly userId: UserId }
  | {
      readonly kind: "channel";
      readonly conversationId: ConversationId;
      readonly guildId: GuildId | null;
    }
  | { readonly kind: "guild"; readonly guildId: GuildId };

/** Who asks and who will read the answer. Every store function about people takes one first. */
export interface Scope {
  readonly principal: Principal;
  readonly audience: Audience;
}

/** A person alone with Clara, without a server and its rights: for what is done on his behalf while he is away. */
export const aloneScope = (platform: Platform, userId: UserId): Scope => ({
  principal: {
    platform,
    userId,
    displayName: "",
    guildId: null,
    roleIds: [],
    permissions: 0n,
    via: "job",
  },
  audience: { kind: "private", userId },
});

/** Thrown when a scope contradicts itself, so that an empty filter can never mean "everything". */
export class ScopeError extends Error {
  override readonly name = "ScopeError";
}

/** How an audience is written in a row: `private:discord:1`, `channel:discord:channel:2`, `guild:discord:3`. */
export function audienceKey(audience: Audience): string {
  switch (audience.kind) {
    case "private":
      return `private:${audience.userId}`;
    case "channel":
      return `channel:${audience.conversationId}`;
    case "guild":
      return `guild:${audience.guildId}`;
  }
}

/**
 * The audience keys whose rows may be used in this scope: those that everybody in `scope.audience` may know.
 * Never empty. Throws ScopeError when a private audience is not the principal's own, or a guild is not his.
 */
export function readableKeys({ principal, audience }: Scope): readonly string[] {
  switch (audience.kind) {
    case "private":
      if (audience.userId !== principal.userId)
        throw new ScopeError("A private audience can only be the principal's own");
      return [audienceKey(audience)];
    case "channel":
      if (audience.guildId !== principal.guildId)
        throw new ScopeError("The channel's guild is not the guild where the principal speaks");
      return audience.guildId === null
        ? [audienceKey(audience)]
        : [audienceKey(audience), `guild:${audience.guildId}`];
    case "guild":
      if (audience.guildId !== principal.guildId)
        throw new ScopeError("The guild is not the guild where the principal speaks");
      return [audienceKey(audience)];
  }
}

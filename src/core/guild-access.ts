import type { Conversation } from "./message.ts";
import type { Principal } from "./principal.ts";

/** A channel or open thread that the person may see. */
export interface GuildPlace {
  readonly conversation: Conversation;
  /** Without "#"; free text from people. */
  readonly name: string;
  /** He may read what was said there, and so may Clara, who is at work there. */
  readonly mayRead: boolean;
  /** He may write there now, and so may Clara, who is at work there. */
  readonly maySend: boolean;
  /** Everybody in the guild may read what is said there. */
  readonly isForAll: boolean;
  /** Discord's permission bits of the person there. */
  readonly permissions: bigint;
  /** He may start polls there, and so may Clara. */
  readonly mayPoll: boolean;
}

export interface GuildStanding {
  /** His roles as they are now. */
  readonly roleIds: readonly string[];
  readonly places: readonly GuildPlace[];
}

/** What a person may do in his guild at this moment, asked of the platform and never remembered. */
export interface GuildAccess {
  /** null when he is no member (any more), or speaks in no guild. Throws when the platform does not answer. */
  readonly standing: (
    who: Pick<Principal, "userId" | "guildId">,
    signal: AbortSignal,
  ) => Promise<GuildStanding | null>;
}

/** Where there are no guilds. */
export const noGuilds: GuildAccess = { standing: async () => null };

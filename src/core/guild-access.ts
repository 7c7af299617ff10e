import type { Conversation } from "./message.ts";
import type { Principal } from "./principal.ts";

/** A channel or open thread that the person may see. */
export interface GuildPlace {
  readonly conversation: Conversation;
  /** Without "#"; free text from people. */
  readonly name: string;
  /** He may read what was said there, and so may Clara. */
  readonly mayRead: boolean;
  /** He may write there now, and so may Clara. */
  readonly maySend: boolean;
  /** He may start polls there, and so may Clara. */
  readonly mayPoll: boolean;
}

/** What a person may do in his guild at this moment, asked of the platform and never remembered. */
export interface GuildAccess {
  /** null when he is no member (any more), or speaks in no guild. Throws when the platform does not answer. */
  readonly places: (
    who: Pick<Principal, "userId" | "guildId">,
    signal: AbortSignal,
  ) => Promise<readonly GuildPlace[] | null>;
}

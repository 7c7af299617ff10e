import type { Snowflake } from "./snowflake.ts";

export interface DiscordOptions {
  readonly token: string;
  /** null: Discord's own. */
  readonly apiBase: string | null;
  /** False: Discord hides what is not addressed to Clara. */
  readonly messageContent: boolean;
  readonly botName: string;
  /** Empty sets allow everything. */
  readonly allowedServers: ReadonlySet<Snowflake>;
  readonly allowedChannels: ReadonlySet<Snowflake>;
  readonly allowedRoles: ReadonlySet<Snowflake>;
  /** Never answered, wherever they write. */
  readonly blockedUsers?: ReadonlySet<Snowflake>;
  /** Its holders may set what Clara does in a channel. An id, so that a role of that name elsewhere is no key. */
  readonly adminRoleId: Snowflake | null;
  /** In lower case. */
  readonly stopPhrases: readonly string[];
  /** Open questions of one person. */
  readonly maxOpen: number;
  /** Retry, Shorter, Deeper, Continue below finished answers. */
  readonly answerButtons: boolean;
  /** Where warnings and errors are told, too; null for nowhere. */
  readonly logChannelId?: Snowflake | null;
  /** So soon it is written down why somebody got no answer, with all others since; a second unless told. */
  readonly refusalsWithinMs?: number;
}

import type { REST } from "discord.js";
import type { ConversationId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Hearing } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import type { Look, Seen } from "./look.ts";
import { NO_ROLES, readPage } from "./messages-of.ts";
import { snowflakeOf } from "./snowflake.ts";
import type { WireMessage } from "./wire.ts";

/** Messages before the first one, so that "what do you think of the above" has an above. */
const MAX_EARLIER = 50;
/** A first answer waits no longer than this for what was said before. */
const MAX_WAIT_MS = 2_000;
/** Conversations that need no look back; a forgotten one is only looked at once more. */
const MAX_KNOWN = 50_000;

export interface Preface {
  /** What was said before a conversation's first message, oldest first; empty when it is not the first. Never throws. */
  readonly before: (seen: Seen, signal: AbortSignal) => Promise<readonly Hearing[]>;
  /** This conversation has a past in the store. */
  readonly know: (id: ConversationId) => void;
}

export function createPreface(deps: {
  readonly rest: REST;
  readonly look: Look;
  readonly log: Log;
}): Preface {
  const known = new Set<ConversationId>();
  const know = (id: ConversationId) => {
    const [oldest] = known;
    if (known.size >= MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    known.add(id);
  };

  return {
    know,
    async before({ arrival: { message } }, signal) {
      const { id, channelId, guildId } = message.conversation;
      if (known.has(id)) return [];
      know(id);
      const query = { limit: MAX_EARLIER, before: snowflakeOf(message.id) };
      const soon = AbortSignal.any([signal, AbortSignal.timeout(MAX_WAIT_MS)]);
      try {
        const guild = guildId === null ? null : snowflakeOf(guildId);
        const { messages } = await readPage(deps.rest, channelId, guild, query, soon);
        return messages.toReversed().flatMap((each) => toHearing(deps.look, each));
      } catch (error) {
        deps.log.debug({ channelId, error: asError(error) }, "no-look-back");
        return [];
      }
    },
  };
}

/** Read by REST a message tells nothing of its author's roles; to be heard only, it needs none. */
function toHearing(look: Look, message: WireMessage): Hearing[] {
  const seen = look({ ...message, member: message.member ?? NO_ROLES });
  if (!seen || seen.decision.kind === "ignore") return [];
  return [{ scope: seen.arrival.scope, message: seen.arrival.message }];
}

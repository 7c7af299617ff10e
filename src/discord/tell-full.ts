import type { REST } from "discord.js";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { IncomingMessage } from "../core/message.ts";
import { asError } from "../lib/as-error.ts";
import { say } from "./say.ts";
import { snowflakeOf } from "./snowflake.ts";
import { WORDS } from "./words.ts";

/** Who asks on meanwhile is not told again. */
const ONCE_WITHIN_MS = 10 * 60_000;
/** Worth nothing later. */
const WITHIN_MS = 10_000;
const MAX_REMEMBERED = 1_000;

/** Tells an author, once per flood, that he has too many open questions for this one. Never throws. */
export type TellFull = (message: Pick<IncomingMessage, "id" | "conversation" | "author">) => void;

export function createTellFull(deps: {
  readonly rest: REST;
  readonly clock: Clock;
  readonly log: Log;
}): TellFull {
  const told = new Map<string, number>();

  return ({ id, conversation, author }) => {
    const now = deps.clock.now().getTime();
    if (now - (told.get(author.userId) ?? -Infinity) < ONCE_WITHIN_MS) return;
    told.delete(author.userId);
    told.set(author.userId, now);
    const [oldest] = told.keys();
    if (told.size > MAX_REMEMBERED && oldest !== undefined) told.delete(oldest);

    const once = { nonce: `full:${snowflakeOf(author.userId)}`, replyTo: snowflakeOf(id) };
    const soon = AbortSignal.timeout(WITHIN_MS);
    say(deps.rest, conversation.channelId, WORDS.tooManyOpen, once, soon).catch((error: unknown) =>
      deps.log.debug({ messageId: id, error: asError(error) }, "full-not-told"),
    );
  };
}

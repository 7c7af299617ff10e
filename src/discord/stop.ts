import type { REST } from "discord.js";
import type { ConversationId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Scope } from "../core/principal.ts";
import type { TurnStore } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import type { Arrival } from "./incoming.ts";
import { say } from "./say.ts";
import { snowflakeOf } from "./snowflake.ts";
import { WORDS } from "./words.ts";

/** Turns of one person that a stop phrase ends at once: the one that runs, and those that wait behind it. */
const MAX_STOPPED = 20;

/** Ends what the person has running in the conversation, or says that there is nothing. */
export type StopPhrase = (arrival: Arrival, signal: AbortSignal) => Promise<void>;

export function createStopPhrase(deps: {
  readonly turns: Pick<TurnStore, "openTurn" | "cancel">;
  readonly poke: () => void;
  readonly rest: REST;
  readonly log: Log;
}): StopPhrase {
  return async ({ scope, message }, signal) => {
    if ((await stopAll(deps.turns, scope, message.conversation.id)) > 0) return deps.poke();
    const replyTo = snowflakeOf(message.id);
    const { channelId } = message.conversation;
    try {
      const once = { nonce: `stop:${replyTo}`, replyTo };
      await say(deps.rest, channelId, WORDS.nothingRuns, once, signal);
    } catch (error) {
      deps.log.debug({ channelId, error: asError(error) }, "nothing-runs-unsaid");
    }
  };
}

async function stopAll(
  turns: Pick<TurnStore, "openTurn" | "cancel">,
  scope: Scope,
  conversation: ConversationId,
): Promise<number> {
  for (let stopped = 0; stopped < MAX_STOPPED; stopped++) {
    const id = await turns.openTurn(scope, conversation);
    if (id === null || !(await turns.cancel(scope, id, "stopped"))) return stopped;
  }
  return MAX_STOPPED;
}

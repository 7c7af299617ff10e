import type { Log } from "../core/log.ts";
import type { BackFill } from "./back-fill.ts";
import type { Changes } from "./changes.ts";
import type { Intake } from "./intake.ts";
import type { Task } from "./lanes.ts";
import type { Look, Seen } from "./look.ts";
import { isClosed } from "./messages-of.ts";
import type { Places } from "./places.ts";
import type { Snowflake } from "./snowflake.ts";
import type { WireMessage } from "./wire.ts";

interface Deps {
  readonly look: Look;
  readonly places: Pick<Places, "learn">;
  readonly intake: Pick<Intake, "take">;
  readonly changes: Changes;
  readonly backFill: BackFill;
  readonly log: Log;
}

/** Does what waits in one channel's lane. Throws to have it done again. */
export function createWorker({ look, places, intake, changes, backFill, log }: Deps) {
  async function see(message: WireMessage): Promise<Seen | null> {
    const seen = look(message);
    if (seen) return seen;
    try {
      await places.learn(message.channel_id);
    } catch (error) {
      if (!isClosed(error)) throw error;
    }
    const late = look(message);
    if (!late) log.warn({ messageId: message.id, channelId: message.channel_id }, "place-unknown");
    return late;
  }

  return async (
    channelId: Snowflake,
    tasks: readonly [Task, ...Task[]],
    signal: AbortSignal,
  ): Promise<void> => {
    const [first] = tasks;
    switch (first.kind) {
      case "message": {
        const messages = tasks.flatMap((task) => (task.kind === "message" ? [task.message] : []));
        const seen = await Promise.all(messages.map(see));
        return intake.take(
          seen.filter((one) => one !== null),
          signal,
        );
      }
      case "edit": {
        const seen = await see(first.message);
        if (seen) await changes.revise(seen);
        return;
      }
      case "delete":
        return changes.forget(first.ids);
      case "back-fill":
        return backFill(channelId, first, signal);
    }
  };
}

import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import type { Lanes } from "./lanes.ts";
import type { Orders } from "./orders.ts";

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

/** What a new session means: nobody told us what was said since the last one. */
export interface Sessions {
  /** It has begun: what is told from now on waits until its servers are known and what was missed is ordered. */
  readonly begin: (shardId: number) => void;
  /** It knows its servers. */
  readonly ready: (shardId: number, signal: AbortSignal) => void;
}

export function createSessions(deps: {
  readonly orders: Orders;
  readonly lanes: Pick<Lanes, "hold" | "release" | "pushFirst">;
  readonly fault: Fault;
  readonly log: Log;
}): Sessions {
  const { orders, lanes, fault, log } = deps;
  const known = new Set<number>();

  async function catchUp(shardId: number, signal: AbortSignal): Promise<void> {
    for (
      let pauseMs = FIRST_PAUSE_MS;
      !signal.aborted;
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
    ) {
      try {
        for (const { channelId, task } of await orders(shardId)) lanes.pushFirst(channelId, task);
        break;
      } catch (error) {
        log.warn({ shardId, pauseMs, error: asError(error) }, "back-fill-not-ordered");
        await pause(pauseMs, signal);
      }
    }
    lanes.release(shardId);
  }

  return {
    begin(shardId) {
      log.info({ shardId }, "discord-session-begun");
      lanes.hold(shardId);
      if (known.has(shardId)) fault("gateway.invalid.session");
      known.add(shardId);
    },
    ready: (shardId, signal) => void catchUp(shardId, signal),
  };
}

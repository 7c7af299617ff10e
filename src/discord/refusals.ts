import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { GateLog, GateRefusal } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import type { HearReason, IgnoreReason } from "./gate.ts";
import type { Arrival } from "./incoming.ts";

/** Why a message got no answer. */
export type Silence = IgnoreReason | HearReason;

export interface Refusals {
  /** Her own words and Discord's notices are left out: nobody waits for an answer to them. */
  readonly note: (message: Arrival["message"], reason: Silence) => void;
  /** Writes what waits; resolves also when that failed. */
  readonly close: () => Promise<void>;
}

const MAX_WAITING = 5_000;
const MAX_BATCH = 200;
const WRITE_WITHIN_MS = 1_000;

/**
 * Keeps the reasons for silence, a batch at a time. They explain, and nothing depends on them: when the database is
 * away, the oldest are given up.
 */
export function createRefusals(
  deps: {
    readonly gateLog: Pick<GateLog, "record">;
    readonly clock: Clock;
    readonly log: Log;
  },
  { refusalsWithinMs = WRITE_WITHIN_MS }: { readonly refusalsWithinMs?: number } = {},
): Refusals {
  let waiting: GateRefusal[] = [];
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  function write(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH);
      try {
        await deps.gateLog.record(batch);
      } catch (error) {
        waiting = [...batch, ...waiting];
        deps.log.warn({ waiting: waiting.length, error: asError(error) }, "refusals-not-written");
        return;
      }
    }
  }

  return {
    note(message, reason) {
      if (reason === "own-message" || reason === "no-speech") return;
      waiting.push({
        messageId: message.id,
        conversationId: message.conversation.id,
        guildId: message.conversation.guildId,
        authorId: message.author.userId,
        reason,
        at: deps.clock.now(),
      });
      if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING);
      timer ??= setTimeout(() => void write(), refusalsWithinMs);
    },
    close: () => write(),
  };
}

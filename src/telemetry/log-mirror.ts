import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { LogChannel, LogEntry } from "../core/log-entries.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { createGroups } from "./log-groups.ts";

/** What the mirror itself says stands in the log only: an error about posting an error would go on for ever. */
const MIRROR_ROOM = "log-channel";
/** Gathers what belongs together. */
const FIRST_PAUSE_MS = 5_000;
/** While there is always something to say, each message comes twice as late as the one before, up to this. */
const MAX_PAUSE_MS = 300_000;
/** Nothing goes to a channel that refused it, until somebody may have put it right. Refusals count at Discord. */
const REFUSED_PAUSE_MS = 900_000;
/** One message is tried so often. */
const MAX_TRIES = 3;
/** At the end. */
const LAST_POST_MS = 2_000;

interface Deps {
  readonly channel: LogChannel;
  readonly clock: Clock;
  /** Short, and never the same twice. */
  readonly createKey: () => string;
  readonly log: Log;
}

export interface LogMirror extends Service {
  readonly take: (entry: LogEntry) => void;
  readonly dropped: () => number;
}

interface Message {
  readonly key: string;
  readonly text: string;
  /** Entries that it stands for. */
  readonly count: number;
  tries: number;
}

/** Says warnings and errors in a channel: grouped, seldom, and never about itself. */
export function createLogMirror(
  deps: Deps,
  { firstPauseMs = FIRST_PAUSE_MS }: { readonly firstPauseMs?: number } = {},
): LogMirror {
  const log = deps.log.child({ room: MIRROR_ROOM });
  const groups = createGroups();
  let message: Message | null = null;
  let lost = 0;
  let mutedUntil = -Infinity;
  let isFailing = false;

  function giveUp({ count }: Message): void {
    lost += count;
    message = null;
  }

  /** True when there was something to say. */
  async function post(signal: AbortSignal): Promise<boolean> {
    if (deps.clock.elapsedMs() < mutedUntil) return true;
    message ??= next();
    if (message === null) return false;
    const current = message;
    current.tries++;
    try {
      const mirrored = await deps.channel.post(current.key, current.text, signal);
      if (mirrored.kind === "posted") {
        message = null;
        isFailing = false;
        return true;
      }
      giveUp(current);
      mutedUntil = deps.clock.elapsedMs() + REFUSED_PAUSE_MS;
      log.warn({ code: mirrored.code, mutedMs: REFUSED_PAUSE_MS }, "log-channel-refused");
    } catch (error) {
      if (current.tries >= MAX_TRIES) giveUp(current);
      if (!isFailing && !signal.aborted) log.warn({ error: asError(error) }, "log-channel-failed");
      isFailing = true;
    }
    return true;
  }

  function next(): Message | null {
    const drawn = groups.draw();
    return drawn && { ...drawn, key: deps.createKey(), tries: 0 };
  }

  return {
    name: "log channel",
    dropped: () => lost,
    take(entry) {
      if (entry.level !== "info" && entry.room !== MIRROR_ROOM) groups.add(entry);
    },
    async run(signal) {
      for (let pauseMs = firstPauseMs; ;) {
        await pause(pauseMs, signal);
        if (signal.aborted) break;
        const hasSpoken = await post(signal);
        pauseMs = hasSpoken ? Math.min(pauseMs * 2, MAX_PAUSE_MS) : firstPauseMs;
      }
      await post(AbortSignal.timeout(LAST_POST_MS));
    },
  };
}

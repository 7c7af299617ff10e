import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { LogEntries, LogEntry } from "../core/log-entries.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";

/** What waits to be written; what comes when it is full is dropped, and counted. */
export const MAX_WAITING = 500;
/** At most so many a time, so that a storm of warnings is no storm of writes. */
export const MAX_BATCH = 200;
const WRITE_EVERY_MS = 2_000;
const MAX_PAUSE_MS = 60_000;
const TIDY_EVERY_MS = 6 * 3_600_000;
const LAST_WRITE_MS = 2_000;

interface Deps {
  readonly entries: Pick<LogEntries, "add" | "tidy">;
  readonly clock: Clock;
  readonly log: Log;
}

export interface LogKeeperOptions {
  readonly keptDays: number;
  readonly writeEveryMs?: number;
  /** At the end, for a store that does not answer. */
  readonly lastWriteMs?: number;
}

export interface LogKeeper extends Service, AsyncDisposable {
  /** At once, and never in anybody's way. */
  readonly take: (entry: LogEntry) => void;
  readonly dropped: () => number;
}

/**
 * Keeps entries of the log in the store, some at a time. Says once when the store does not take them, and once what was
 * lost meanwhile; each of these is a line like any other, so that no failure makes another. Closing it writes the rest.
 */
export function createLogKeeper(
  { entries, clock, log }: Deps,
  { keptDays, writeEveryMs = WRITE_EVERY_MS, lastWriteMs = LAST_WRITE_MS }: LogKeeperOptions,
): LogKeeper {
  let waiting: LogEntry[] = [];
  let underWay = 0;
  /** What `run` began; it ends at the signal and leaves this behind. Never rejects. */
  let writing = Promise.resolve(true);
  let dropped = 0;
  let untold = 0;
  let isFailing = false;
  let tidiedAt = -Infinity;

  async function write(): Promise<boolean> {
    const batch = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(MAX_BATCH);
    underWay += batch.length;
    try {
      if (batch.length > 0) await entries.add(batch);
      return true;
    } catch (error) {
      waiting = [...batch, ...waiting];
      if (!isFailing) log.warn({ error: asError(error) }, "log-not-kept");
      isFailing = true;
      return false;
    } finally {
      underWay -= batch.length;
    }
  }

  async function writeAndTell(): Promise<boolean> {
    const isEmpty = waiting.length === 0;
    if (!(await write())) return false;
    // That nothing was written shows nothing of the store.
    if (isEmpty) return true;
    isFailing = false;
    if (untold > 0) log.warn({ dropped: untold }, "log-entries-dropped");
    untold = 0;
    return true;
  }

  async function tidy(): Promise<void> {
    if (clock.elapsedMs() - tidiedAt < TIDY_EVERY_MS) return;
    tidiedAt = clock.elapsedMs();
    await entries
      .tidy(keptDays)
      .catch((error: unknown) => log.warn({ error: asError(error) }, "log-not-tidied"));
  }

  return {
    name: "log keeper",
    dropped: () => dropped,
    take(entry) {
      if (waiting.length + underWay < MAX_WAITING) return void waiting.push(entry);
      dropped++;
      untold++;
    },
    async run(signal) {
      for (let pauseMs = writeEveryMs; !signal.aborted; await pause(pauseMs, signal)) {
        // A store that neither takes nor refuses does not keep the house from closing.
        writing = writeAndTell();
        const isKept = await unlessAborted(writing, signal);
        pauseMs = isKept ? writeEveryMs : Math.min(pauseMs * 2, MAX_PAUSE_MS);
        if (isKept) await tidy();
      }
    },
    async [Symbol.asyncDispose]() {
      const written = new AbortController();
      const rest = async () => {
        await writing;
        while (waiting.length > 0 && (await writeAndTell()));
        written.abort();
      };
      await Promise.race([rest(), pause(lastWriteMs, written.signal)]);
    },
  };
}

/** What the work gives, or false as soon as the signal fires. It leaves nothing behind at the signal. */
async function unlessAborted(work: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const end = () => resolve(false);
  signal.addEventListener("abort", end, { once: true });
  work.then(resolve, reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

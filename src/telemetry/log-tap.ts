import type { LogEntry } from "../core/log-entries.ts";
import { toEntry } from "./to-entry.ts";

/** What is said before the house stands is told to whoever listens later. */
const MAX_EARLY = 50;

export type Listener = (entry: LogEntry) => void;

export interface LogTap {
  /** One line as it went into the log. Never throws. */
  readonly write: (line: string) => void;
  /** Everybody who listens is told of the first entries, too. */
  readonly listen: (listener: Listener) => void;
}

/** Stands where the lines of the log leave, so that what is kept is what was written, and nothing else. */
export function createLogTap(): LogTap {
  const early: LogEntry[] = [];
  const listeners: Listener[] = [];
  return {
    write(line) {
      const entry = readable(line);
      if (entry === null) return;
      if (early.length < MAX_EARLY) early.push(entry);
      for (const tell of listeners) tell(entry);
    },
    listen(listener) {
      early.forEach(listener);
      listeners.push(listener);
    },
  };
}

function readable(line: string): LogEntry | null {
  try {
    return toEntry(line);
  } catch {
    // A line in a form that we do not know stands in the log itself; to speak of it there would be the next one.
    return null;
  }
}

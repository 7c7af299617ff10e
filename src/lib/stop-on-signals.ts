import { EXIT, type ExitCode } from "./exit-codes.ts";

/** `process`, or what a test has instead. */
export interface SignalSource {
  readonly on: (name: "SIGINT" | "SIGTERM", listener: () => void) => unknown;
}

/**
 * Fires at the first Ctrl-C or SIGTERM: take no new work, finish what runs. The second one calls `exit` at once, and so
 * does the end of `graceMs` if the program is still there; the wait itself does not keep it there.
 */
export function stopOnSignals({
  process,
  exit,
  graceMs,
}: {
  readonly process: SignalSource;
  readonly exit: (code: ExitCode) => void;
  readonly graceMs: number;
}): AbortSignal {
  const stop = new AbortController();
  const heed = (name: "SIGINT" | "SIGTERM", hurried: ExitCode): void => {
    process.on(name, () => {
      if (stop.signal.aborted) return exit(hurried);
      setTimeout(() => exit(EXIT.stuck), graceMs).unref();
      stop.abort();
    });
  };
  heed("SIGINT", EXIT.interrupted);
  heed("SIGTERM", EXIT.terminated);
  return stop.signal;
}
